package dev.reprise.cli;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.ProvisionRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What concerns a cluster as a whole. */
final class ClusterCommands {
  private ClusterCommands() {}

  /** {@code restatectl status}. */
  @Command(
      name = "status",
      description = "The cluster: nodes, partitions, and what is being moved.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    private final Output output;
    private final ServerOptions server;

    Status(Output output, ServerOptions server) {
      this.output = output;
      this.server = server;
    }

    @Override
    public Integer call() {
      ClusterDescription cluster = server.clusterRpc().describe();
      output.line(
          output.bold(Output.printable(cluster.getName()))
              + " as N"
              + cluster.getAnsweredBy()
              + " knows it, version "
              + cluster.getVersion()
              + (cluster.getMetadataLeader() == 0
                  ? ", " + output.red("without a leader of the metadata")
                  : ""));
      NodesCommand.print(output, cluster);
      PartitionsCommand.print(output, cluster);
      return 0;
    }
  }

  /** {@code restatectl provision}. */
  @Command(
      name = "provision",
      description = "Make a new cluster, with the node at --grpc as its first.",
      mixinStandardHelpOptions = true)
  static final class Provision implements Callable<Integer> {
    private final Output output;
    private final ServerOptions server;

    Provision(Output output, ServerOptions server) {
      this.output = output;
      this.server = server;
    }

    @Override
    public Integer call() {
      var unused =
          server.clusterRpc().ask(stub -> stub.provision(ProvisionRequest.getDefaultInstance()));
      output.line(output.green("provisioned") + "; restatectl status shows how it grows");
      return 0;
    }
  }
}
