package dev.reprise.cli;

import dev.reprise.api.admin.v1.ClusterAdminGrpc;
import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.DescribeClusterRequest;
import dev.reprise.api.admin.v1.NodeInfo;

/** The server's gRPC service for clusters. Blocks. */
final class ClusterRpc {
  private final AdminRpc rpc;

  ClusterRpc(AdminRpc rpc) {
    this.rpc = rpc;
  }

  /** Asks something that has one answer. */
  <T> T ask(java.util.function.Function<ClusterAdminGrpc.ClusterAdminBlockingStub, T> question) {
    return rpc.on(ClusterAdminGrpc::newBlockingStub, question);
  }

  /** The same for what may take so long. */
  <T> T askLong(
      int seconds,
      java.util.function.Function<ClusterAdminGrpc.ClusterAdminBlockingStub, T> question) {
    return rpc.on(ClusterAdminGrpc::newBlockingStub, seconds, question);
  }

  ClusterDescription describe() {
    return ask(stub -> stub.describeCluster(DescribeClusterRequest.getDefaultInstance()));
  }

  /** The node of this name or number, such as {@code n1}, {@code N1} or {@code 1}. */
  static NodeInfo node(ClusterDescription cluster, String text) {
    for (NodeInfo node : cluster.getNodesList()) {
      if (node.getName().equals(text)) {
        return node;
      }
    }
    for (NodeInfo node : cluster.getNodesList()) {
      if (text.equalsIgnoreCase("N" + node.getId()) || text.equals("" + node.getId())) {
        return node;
      }
    }
    throw new CliException(
        CliException.FAILURE,
        "Expected one of the nodes "
            + cluster.getNodesList().stream().map(NodeInfo::getName).toList()
            + ", but got '"
            + text
            + "'",
        "restatectl nodes list shows their names");
  }

  static NodeInfo node(ClusterDescription cluster, int id) {
    return node(cluster, "N" + id);
  }
}
