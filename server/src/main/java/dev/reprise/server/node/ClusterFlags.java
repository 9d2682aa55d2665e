package dev.reprise.server.node;

import java.util.List;
import picocli.CommandLine.Option;

/** How a node finds others, and is found. */
final class ClusterFlags {
  @Option(
      names = "--peers",
      paramLabel = "HOST:PORT,…",
      split = ",",
      defaultValue = "${env:REPRISE_PEERS:-}",
      description =
          "node ports of the cluster's nodes, the same list on each, or dns:NAME[:PORT] for all"
              + " addresses of a name; none for a node that is alone")
  List<String> peers = List.of();

  @Option(
      names = "--auto-provision",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "${env:REPRISE_AUTO_PROVISION:-false}",
      description =
          "found a cluster when there is none: the first of the list does, or the node whose name"
              + " ends in -0; without it, 'restatectl provision' does")
  boolean autoProvision;

  @Option(
      names = "--zone",
      paramLabel = "NAME",
      defaultValue = "${env:REPRISE_ZONE:-}",
      description = "where this node fails together with others")
  String zone = "";

  @Option(
      names = "--advertised-host",
      paramLabel = "HOST",
      defaultValue = "${env:REPRISE_ADVERTISED_HOST:-}",
      description =
          "what the other nodes call this one's host by; it must stay the same (default: the host"
              + " that --peers has for the node port, or this host's name)")
  String advertisedHost = "";

  @Option(
      names = "--raft-port",
      paramLabel = "N",
      defaultValue = "${env:REPRISE_RAFT_PORT:-0}",
      description = "between nodes: the log (default: the node port + 1)")
  int raftPort;

  @Option(
      names = "--internode-port",
      paramLabel = "N",
      defaultValue = "${env:REPRISE_INTERNODE_PORT:-0}",
      description = "between nodes: gRPC (default: the node port + 2)")
  int internodePort;

  @Option(
      names = "--default-replication",
      paramLabel = "N",
      defaultValue = "${env:REPRISE_DEFAULT_REPLICATION:-0}",
      description =
          "copies of each partition of a new cluster; 0 for as many as there are nodes, up to 3")
  int replication;

  /** Throws {@link NodeException} where a number is none. */
  NodeConfig.Cluster cluster() {
    if (replication < 0 || replication > 7) {
      throw new NodeException("Expected a --default-replication from 0 to 7");
    }
    List<String> named = peers.stream().map(String::strip).filter(it -> !it.isEmpty()).toList();
    return new NodeConfig.Cluster(
        named, autoProvision, zone, advertisedHost, raftPort, internodePort, replication);
  }
}
