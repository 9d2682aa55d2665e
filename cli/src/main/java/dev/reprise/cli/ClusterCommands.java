package dev.reprise.cli;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.ProvisionRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

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

    @Mixin private WatchOption watch = new WatchOption();

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    Status(Output output, ServerOptions server) {
      this.output = output;
      this.server = server;
    }

    @Override
    public Integer call() {
      return watch.show(output, this::look);
    }

    private void look() {
      ClusterDescription cluster = server.clusterRpc().describe();
      if (json) {
        output.json(json(cluster));
      } else {
        print(cluster);
      }
    }

    private static ObjectNode json(ClusterDescription cluster) {
      ObjectNode json =
          Output.JSON
              .createObjectNode()
              .put("cluster_name", cluster.getName())
              .put("fingerprint", cluster.getFingerprint())
              .put("version", cluster.getVersion())
              .put("answered_by", "N" + cluster.getAnsweredBy());
      int leader = cluster.getMetadataLeader();
      json.put("metadata_leader", leader == 0 ? null : "N" + leader);
      ArrayNode voters = json.putArray("metadata_voters");
      cluster.getMetadataVotersList().forEach(it -> voters.add("N" + it));
      ArrayNode nodes = json.putArray("nodes");
      cluster.getNodesList().forEach(it -> nodes.add(NodesCommand.json(cluster, it)));
      ArrayNode partitions = json.putArray("partitions");
      cluster.getPartitionsList().forEach(it -> partitions.add(PartitionsCommand.json(it)));
      return json;
    }

    private void print(ClusterDescription cluster) {
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

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    Provision(Output output, ServerOptions server) {
      this.output = output;
      this.server = server;
    }

    @Override
    public Integer call() {
      var unused =
          server.clusterRpc().ask(stub -> stub.provision(ProvisionRequest.getDefaultInstance()));
      if (json) {
        output.json(Output.JSON.createObjectNode().put("provisioned", true));
      } else {
        output.line(output.green("provisioned") + "; restatectl status shows how it grows");
      }
      return 0;
    }
  }
}
