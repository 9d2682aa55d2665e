package dev.reprise.conformance;

import dev.reprise.api.admin.v1.ClusterAdminGrpc;
import dev.reprise.api.admin.v1.ClusterAdminGrpc.ClusterAdminBlockingStub;
import dev.reprise.api.admin.v1.DescribeClusterRequest;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.api.admin.v1.TransferLeaderRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands the leadership of one partition after the other to another node, until it is closed. What
 * cannot be moved at the time is left where it is.
 */
final class LeaderMover implements AutoCloseable {
  /** From the begin of one move to that of the next. */
  static final Duration EVERY = Duration.ofSeconds(2);

  private static final int DEADLINE_SECONDS = 10;

  private final ManagedChannel channel;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("leader-mover").factory());
  private final AtomicInteger moved = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  /** The thread's own. */
  private int turn;

  /**
   * Begins to move.
   *
   * @param grpc host and port of a node
   */
  LeaderMover(String grpc) {
    channel = ManagedChannelBuilder.forTarget(grpc).usePlaintext().build();
    var unused = thread.scheduleAtFixedRate(this::move, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void move() {
    try {
      List<PartitionInfo> partitions =
          stub().describeCluster(DescribeClusterRequest.getDefaultInstance()).getPartitionsList();
      int number = turn % partitions.size();
      (transfer(partitions.get(number), turn / partitions.size()) ? moved : failed)
          .incrementAndGet();
    } catch (StatusRuntimeException e) {
      failed.incrementAndGet();
    } finally {
      turn++;
    }
  }

  /** To one of the nodes that have a copy and do not lead. */
  private boolean transfer(PartitionInfo partition, int round) {
    List<Integer> others =
        partition.getReplicasList().stream()
            .map(ReplicaInfo::getNode)
            .filter(it -> it != partition.getLeader())
            .toList();
    TransferLeaderRequest request =
        TransferLeaderRequest.newBuilder()
            .setPartition(partition.getNumber())
            .setTo(others.get(round % others.size()))
            .build();
    return stub().transferLeader(request).getDone();
  }

  private ClusterAdminBlockingStub stub() {
    return ClusterAdminGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** How many have been moved so far. Any thread. */
  int moved() {
    return moved.get();
  }

  /** For people to read. Any thread. */
  String summary() {
    return "leaders were moved %d times; %d moves failed".formatted(moved.get(), failed.get());
  }

  @Override
  public void close() {
    thread.shutdownNow();
    channel.shutdownNow();
  }
}
