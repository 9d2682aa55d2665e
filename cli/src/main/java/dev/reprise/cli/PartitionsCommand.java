package dev.reprise.cli;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.RebuildReplicaRequest;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.api.admin.v1.TransferLeaderRequest;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl partitions}. */
@Command(
    name = "partitions",
    aliases = "partition",
    description = "The partitions, where their replicas are, and who leads them.",
    mixinStandardHelpOptions = true)
final class PartitionsCommand {
  private final Output output;
  private final ServerOptions server;

  PartitionsCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(
      name = "list",
      aliases = "ls",
      description = "All partitions.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin WatchOption watch,
      @Option(names = "--json", description = "Print a JSON array.") boolean json) {
    return watch.show(output, () -> list(json));
  }

  private void list(boolean json) {
    ClusterDescription cluster = server.clusterRpc().describe();
    if (json) {
      ArrayNode all = Output.JSON.createArrayNode();
      cluster.getPartitionsList().forEach(it -> all.add(json(it)));
      output.json(all);
    } else {
      print(output, cluster);
    }
  }

  static void print(Output output, ClusterDescription cluster) {
    Table table = new Table("PARTITION", "LEADER", "REPLICAS", "SETTLED");
    for (PartitionInfo partition : cluster.getPartitionsList()) {
      table.row(
          Integer.toString(partition.getNumber()),
          partition.getLeader() == 0 ? "none" : "N" + partition.getLeader(),
          partition.getReplicasList().stream()
              .map(it -> "N" + it.getNode() + (it.getOpen() ? "" : " (" + condition(it) + ")"))
              .collect(Collectors.joining(", ")),
          partition.getSettled() ? "yes" : "being moved");
    }
    table.print(output);
  }

  /** Of one that is not open. */
  private static String condition(ReplicaInfo replica) {
    String said = replica.getCondition();
    return said.isEmpty() || said.equals("open") ? "not open" : said;
  }

  static ObjectNode json(PartitionInfo partition) {
    ObjectNode json =
        Output.JSON
            .createObjectNode()
            .put("partition", partition.getNumber())
            .put("leader", partition.getLeader() == 0 ? null : "N" + partition.getLeader())
            .put("settled", partition.getSettled())
            .put("version", partition.getVersion());
    ArrayNode replicas = json.putArray("replicas");
    for (ReplicaInfo replica : partition.getReplicasList()) {
      replicas
          .addObject()
          .put("node", "N" + replica.getNode())
          .put("generation", replica.getGeneration())
          .put("open", replica.getOpen())
          .put("condition", replica.getCondition().isEmpty() ? null : replica.getCondition())
          .put("reason", replica.getReason().isEmpty() ? null : replica.getReason())
          .put("rebuilds", replica.getRebuilds())
          .put("term", replica.getTerm())
          .put("applied_index", replica.getAppliedIndex())
          .put("snapshot_index", replica.getFlushedIndex())
          .put("first_log_index", replica.getFirstIndex());
    }
    return json;
  }

  @Command(name = "describe", description = "One partition.", mixinStandardHelpOptions = true)
  int describe(
      @Parameters(paramLabel = "PARTITION", description = "Its number.") int number,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    ClusterDescription cluster = server.clusterRpc().describe();
    PartitionInfo found =
        cluster.getPartitionsList().stream()
            .filter(it -> it.getNumber() == number)
            .findFirst()
            .orElseThrow(
                () ->
                    new CliException(
                        CliException.FAILURE,
                        "Expected a partition below "
                            + cluster.getPartitionsCount()
                            + ", but got "
                            + number,
                        "restatectl partitions list shows all"));
    if (json) {
      output.json(json(found));
      return 0;
    }
    Table table = new Table("REPLICA", "NODE", "ROLE", "TERM", "APPLIED", "SNAPSHOT", "LOG FROM");
    for (ReplicaInfo replica : found.getReplicasList()) {
      table.row(
          "N" + replica.getNode() + "." + replica.getGeneration(),
          ClusterRpc.node(cluster, replica.getNode()).getName(),
          replica.getNode() == found.getLeader()
              ? "leads"
              : replica.getOpen() ? "follows" : condition(replica),
          Long.toString(replica.getTerm()),
          Long.toString(replica.getAppliedIndex()),
          Long.toString(replica.getFlushedIndex()),
          Long.toString(replica.getFirstIndex()));
    }
    table.print(output);
    for (ReplicaInfo replica : found.getReplicasList()) {
      if (!replica.getReason().isEmpty()) {
        output.line("N" + replica.getNode() + ": " + replica.getReason());
      }
    }
    return 0;
  }

  @Command(
      name = "rebuild",
      description = {
        "Replace a copy by another node's state. The others go on; what was there is set aside in",
        "the node's directory. Shows how far it is; it goes on when this command is interrupted."
      },
      mixinStandardHelpOptions = true)
  int rebuild(
      @Parameters(paramLabel = "PARTITION", description = "Its number.") int number,
      @Option(
              names = "--node",
              required = true,
              paramLabel = "NODE",
              description = "Name or number of the node whose copy it is.")
          String node,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    ClusterRpc rpc = server.clusterRpc();
    ClusterDescription before = rpc.describe();
    int id = ClusterRpc.node(before, node).getId();
    long rebuilds =
        before.getPartitionsList().stream()
            .filter(it -> it.getNumber() == number)
            .flatMap(it -> it.getReplicasList().stream())
            .filter(it -> it.getNode() == id)
            .mapToLong(ReplicaInfo::getRebuilds)
            .sum();
    RebuildReplicaRequest request =
        RebuildReplicaRequest.newBuilder().setPartition(number).setNode(id).build();
    rpc.ask(stub -> stub.rebuildReplica(request));
    ReplicaInfo copy = new RebuildWatch(output, rpc, number, id, rebuilds).awaitOpen();
    if (json) {
      output.json(
          Output.JSON
              .createObjectNode()
              .put("partition", number)
              .put("node", "N" + id)
              .put("applied_index", copy.getAppliedIndex()));
    } else {
      output.line(
          "partition "
              + number
              + " on "
              + output.green("N" + id)
              + " is whole: entry "
              + copy.getAppliedIndex());
    }
    return 0;
  }

  @Command(
      name = "transfer",
      description = {
        "Hand a partition's leadership to another node. Leaders still even out by themselves when",
        "they have been uneven for a while."
      },
      mixinStandardHelpOptions = true)
  int transfer(
      @Parameters(paramLabel = "PARTITION", description = "Its number.") int number,
      @Option(
              names = {"--to", "--node"},
              required = true,
              paramLabel = "NODE",
              description = "Name or number of the node that is to lead.")
          String to,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    return transfer(output, server, number, to, json);
  }

  private static int transfer(
      Output output, ServerOptions server, int number, String to, boolean json) {
    ClusterRpc rpc = server.clusterRpc();
    int id = ClusterRpc.node(rpc.describe(), to).getId();
    TransferLeaderRequest request =
        TransferLeaderRequest.newBuilder().setPartition(number).setTo(id).build();
    if (!rpc.ask(stub -> stub.transferLeader(request)).getDone()) {
      throw new CliException(
          CliException.FAILURE,
          "Expected N" + id + " to lead partition " + number + ", but another node still does",
          "restatectl partitions describe " + number + " shows whether N" + id + " keeps up");
    }
    if (json) {
      output.json(Output.JSON.createObjectNode().put("partition", number).put("leader", "N" + id));
    } else {
      output.line("partition " + number + " is led by " + output.green("N" + id));
    }
    return 0;
  }

  /** {@code restatectl partition leader pin}: as Restate's tool calls a transfer. */
  @Command(
      name = "leader",
      description = "A partition's leadership, in Restate's words.",
      mixinStandardHelpOptions = true)
  static final class Leader {
    private final Output output;
    private final ServerOptions server;

    Leader(Output output, ServerOptions server) {
      this.output = output;
      this.server = server;
    }

    @Command(
        name = "pin",
        description = "The same as partitions transfer: it is handed over, not held there.",
        mixinStandardHelpOptions = true)
    int pin(
        @Parameters(paramLabel = "PARTITION", description = "Its number.") int number,
        @Option(
                names = {"--node", "--to"},
                required = true,
                paramLabel = "NODE",
                description = "Name or number of the node that is to lead.")
            String to,
        @Option(names = "--json", description = "Print a JSON object.") boolean json) {
      return transfer(output, server, number, to, json);
    }
  }
}
