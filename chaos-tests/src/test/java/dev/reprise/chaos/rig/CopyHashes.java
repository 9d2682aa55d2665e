package dev.reprise.chaos.rig;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.NodeInfo;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.api.checkpoint.v1.CheckpointsGrpc;
import dev.reprise.api.checkpoint.v1.HashAtRequest;
import dev.reprise.api.checkpoint.v1.HashAtResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks every copy of every partition what its state hashed to after one and the same entry, as
 * nodes ask each other. Used once; blocks.
 */
final class CopyHashes implements AutoCloseable {
  /** Some entries leave no hash: those of Raft's own. */
  private static final int BACK = 200;

  private final ClusterDescription cluster;
  private final Map<Integer, ManagedChannel> channels = new LinkedHashMap<>();

  CopyHashes(ClusterDescription cluster) {
    this.cluster = cluster;
    for (NodeInfo node : cluster.getNodesList()) {
      channels.put(
          node.getId(),
          ManagedChannelBuilder.forTarget(node.getInternodeAddress()).usePlaintext().build());
    }
  }

  /** What differs between copies; also where that cannot be told. */
  List<String> differences() {
    List<String> found = new ArrayList<>();
    for (PartitionInfo partition : cluster.getPartitionsList()) {
      long newest =
          partition.getReplicasList().stream()
              .mapToLong(ReplicaInfo::getAppliedIndex)
              .min()
              .orElse(0);
      Map<Integer, Long> hashes = Map.of();
      long at = newest;
      while (at > 0 && at > newest - BACK && hashes.size() < partition.getReplicasCount()) {
        hashes = hashesAt(partition, at--);
      }
      String where = "partition %d, entry %d: %s".formatted(partition.getNumber(), at + 1, hashes);
      if (hashes.size() < partition.getReplicasCount()) {
        found.add("Expected an entry that every copy remembers, but there is none; " + where);
      } else if (hashes.values().stream().distinct().count() > 1) {
        found.add("Expected one state, but it differs by node; " + where);
      }
    }
    return found;
  }

  /** Of those who remember, by node. */
  private Map<Integer, Long> hashesAt(PartitionInfo partition, long index) {
    Map<Integer, Long> hashes = new LinkedHashMap<>();
    for (ReplicaInfo replica : partition.getReplicasList()) {
      // Whoever hears of another hash than its own asks the others, too.
      Long hash = hashAt(replica.getNode(), partition.getNumber(), index, hashes.values());
      if (hash == null) {
        return Map.of();
      }
      hashes.put(replica.getNode(), hash);
    }
    return hashes;
  }

  private @Nullable Long hashAt(int node, int partition, long index, Collection<Long> others) {
    ManagedChannel channel = channels.get(node);
    if (channel == null) {
      return null;
    }
    HashAtRequest request =
        HashAtRequest.newBuilder()
            .setClusterFingerprint(cluster.getFingerprint())
            .setLog("partition-" + partition)
            .setIndex(index)
            .setMine(others.stream().findFirst().orElse(0L))
            .build();
    HashAtResponse answer =
        CheckpointsGrpc.newBlockingStub(channel)
            .withDeadlineAfter(10, TimeUnit.SECONDS)
            .hashAt(request);
    return answer.hasHash() ? answer.getHash() : null;
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
