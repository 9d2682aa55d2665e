package dev.reprise.chaos.rig;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.ClusterAdminGrpc;
import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.DescribeClusterRequest;
import dev.reprise.api.admin.v1.GetStateRequest;
import dev.reprise.api.admin.v1.StateEntry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What one node says over gRPC: of its cluster, and of the states of objects. It keeps its
 * connection, so that a question may reach a node that is held in its midst, as those of real
 * clients do. Any thread; a question that fails ends with a {@code StatusRuntimeException}.
 */
public final class ClusterDoor implements AutoCloseable {
  private final ManagedChannel channel;

  /** At a host and port. */
  public ClusterDoor(String address) {
    this.channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
  }

  /** The cluster as the node knows it. */
  public ClusterDescription describe(Duration deadline) {
    // Whoever died a moment ago may be there again.
    channel.resetConnectBackoff();
    return ClusterAdminGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .describeCluster(DescribeClusterRequest.getDefaultInstance());
  }

  /** A value of an object's state, which is current; empty when there is none. */
  public String state(String service, String object, String key, Duration deadline) {
    channel.resetConnectBackoff();
    return AdminGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .getState(GetStateRequest.newBuilder().setService(service).setKey(object).build())
        .getEntriesList()
        .stream()
        .filter(it -> it.getKey().equals(key))
        .map(StateEntry::getValue)
        .map(it -> it.toString(StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
