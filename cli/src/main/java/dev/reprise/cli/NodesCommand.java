package dev.reprise.cli;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.DrainNodeRequest;
import dev.reprise.api.admin.v1.NodeInfo;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.RemoveNodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl nodes}. */
@Command(
    name = "nodes",
    aliases = "node",
    description = "The nodes of the cluster.",
    mixinStandardHelpOptions = true)
final class NodesCommand {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Output output;
  private final ServerOptions server;

  NodesCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(
      name = "list",
      aliases = "ls",
      description = "All nodes.",
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
      cluster.getNodesList().forEach(it -> all.add(json(cluster, it)));
      output.json(all);
    } else {
      print(output, cluster);
    }
  }

  static void print(Output output, ClusterDescription cluster) {
    Table table =
        new Table("NODE", "NAME", "ZONE", "STATE", "REPLICAS", "LEADS", "METADATA", "ADDRESS");
    for (NodeInfo node : cluster.getNodesList()) {
      table.row(
          "N" + node.getId() + "." + node.getGeneration(),
          node.getName(),
          node.getZone().isEmpty() ? "-" : node.getZone(),
          state(node),
          Integer.toString(node.getReplicas()),
          Integer.toString(node.getLeads()),
          metadata(cluster, node),
          node.getNodeAddress());
    }
    table.print(output);
  }

  private static String metadata(ClusterDescription cluster, NodeInfo node) {
    if (cluster.getMetadataLeader() == node.getId()) {
      return "leads";
    }
    return cluster.getMetadataVotersList().contains(node.getId()) ? "votes" : "follows";
  }

  private static String state(NodeInfo node) {
    String heard =
        node.getHeardMillisAgo() < 0
            ? "not heard of"
            : node.getHeardMillisAgo() < 5_000
                ? "alive"
                : "silent for " + Output.span(node.getHeardMillisAgo());
    return node.getDraining() ? heard + ", draining" : heard;
  }

  static ObjectNode json(ClusterDescription cluster, NodeInfo node) {
    return Output.JSON
        .createObjectNode()
        .put("id", "N" + node.getId())
        .put("generation", node.getGeneration())
        .put("name", node.getName())
        .put("zone", node.getZone())
        .put("draining", node.getDraining())
        .put("heard_millis_ago", node.getHeardMillisAgo())
        .put("replicas", node.getReplicas())
        .put("leads", node.getLeads())
        .put("metadata", metadata(cluster, node))
        .put("node_address", node.getNodeAddress())
        .put("raft_address", node.getRaftAddress())
        .put("internode_address", node.getInternodeAddress());
  }

  @Command(name = "describe", description = "One node.", mixinStandardHelpOptions = true)
  int describe(
      @Parameters(paramLabel = "NODE", description = "Its name or number.") String name,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    ClusterDescription cluster = server.clusterRpc().describe();
    NodeInfo node = ClusterRpc.node(cluster, name);
    if (json) {
      output.json(json(cluster, node));
      return 0;
    }
    output.line(output.bold("N" + node.getId()) + " " + Output.printable(node.getName()));
    output.line("generation  " + node.getGeneration());
    output.line("state       " + state(node));
    output.line("metadata    " + metadata(cluster, node));
    output.line("node        " + Output.printable(node.getNodeAddress()));
    output.line("raft        " + Output.printable(node.getRaftAddress()));
    output.line("internode   " + Output.printable(node.getInternodeAddress()));
    List<String> partitions = new ArrayList<>();
    for (PartitionInfo partition : cluster.getPartitionsList()) {
      if (partition.getReplicasList().stream().anyMatch(it -> it.getNode() == node.getId())) {
        partitions.add(
            partition.getNumber() + (partition.getLeader() == node.getId() ? " (leads)" : ""));
      }
    }
    output.line("partitions  " + (partitions.isEmpty() ? "-" : String.join(", ", partitions)));
    return 0;
  }

  @Command(
      name = "drain",
      description = "Move everything off a node, so that it can be removed.",
      mixinStandardHelpOptions = true)
  int drain(
      @Parameters(paramLabel = "NODE", description = "Its name or number.") String name,
      @Option(names = "--undo", description = "Take it back.") boolean undo,
      @Option(names = "--no-wait", description = "Do not wait until it is done.") boolean noWait,
      @Option(names = "--json", description = "Print the node as JSON.") boolean json) {
    ClusterRpc rpc = server.clusterRpc();
    int id = ClusterRpc.node(rpc.describe(), name).getId();
    DrainNodeRequest request = DrainNodeRequest.newBuilder().setNode(id).setUndo(undo).build();
    ClusterDescription cluster = rpc.ask(stub -> stub.drainNode(request));
    if (!undo) {
      cluster = follow(rpc, id, cluster, noWait);
    }
    NodeInfo node = ClusterRpc.node(cluster, id);
    if (json) {
      output.json(json(cluster, node));
    } else if (undo) {
      output.line("N" + id + " is " + output.green("active") + " again");
    } else if (isDrained(cluster, id)) {
      output.line(output.green("drained") + "; restatectl nodes remove N" + id + " forgets it");
    } else {
      output.line(
          "N" + id + " is " + output.yellow("draining") + "; restatectl nodes list --watch");
    }
    return 0;
  }

  /** Shows what is left, until nothing is. */
  private ClusterDescription follow(
      ClusterRpc rpc, int id, ClusterDescription begin, boolean noWait) {
    ClusterDescription cluster = begin;
    long most = 0;
    try (Progress progress = new Progress(output, "draining N" + id)) {
      while (true) {
        int left = ClusterRpc.node(cluster, id).getReplicas();
        most = Math.max(most, left);
        progress.at(most - left, most, most == 1 ? "replica moved" : "replicas moved");
        if (noWait || isDrained(cluster, id)) {
          return cluster;
        }
        LockSupport.parkNanos(LOOK_NANOS);
        cluster = rpc.describe();
      }
    }
  }

  private static boolean isDrained(ClusterDescription cluster, int id) {
    return ClusterRpc.node(cluster, id).getReplicas() == 0
        && cluster.getPartitionsList().stream().allMatch(PartitionInfo::getSettled);
  }

  @Command(
      name = "remove",
      aliases = "rm",
      description = "Forget a node that has been drained.",
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = "NODE", description = "Its name or number.") String name,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    ClusterRpc rpc = server.clusterRpc();
    int id = ClusterRpc.node(rpc.describe(), name).getId();
    var unused =
        rpc.ask(stub -> stub.removeNode(RemoveNodeRequest.newBuilder().setNode(id).build()));
    if (json) {
      output.json(Output.JSON.createObjectNode().put("node", "N" + id).put("removed", true));
    } else {
      output.line("N" + id + " is " + output.green("removed"));
    }
    return 0;
  }
}
