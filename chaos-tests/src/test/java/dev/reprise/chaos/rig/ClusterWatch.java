package dev.reprise.chaos.rig;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Eventually.pause;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.NodeInfo;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.ReplicaInfo;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * What nodes, named {@code n1}, {@code n2}, …, say about their cluster; one by itself is no
 * cluster, and is whole. Any thread; blocks.
 */
public final class ClusterWatch {
  private static final int COPIES = 3;
  private static final long HEARD_MILLIS = 3_000;
  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final Duration ASK = Duration.ofSeconds(5);

  private final List<ClusterDoor> doors;
  private final IntPredicate up;

  /**
   * A watch of nodes by their places.
   *
   * @param up whether a node's process is there
   */
  public ClusterWatch(List<ClusterDoor> doors, IntPredicate up) {
    this.doors = doors;
    this.up = up;
  }

  /** The place of the node that leads most partitions; -1 when nobody says who leads. */
  public int leader(Duration deadline) {
    if (doors.size() == 1) {
      return 0;
    }
    Map<Integer, Integer> led = new HashMap<>();
    leaders(deadline).values().forEach(it -> led.merge(it, 1, Integer::sum));
    return led.entrySet().stream()
        .max(
            Map.Entry.<Integer, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(-1);
  }

  /** By each partition, the place of its leader of the highest term that anybody knows of. */
  private Map<Integer, Integer> leaders(Duration deadline) {
    Duration each = deadline.dividedBy(doors.size());
    Map<Integer, Long> terms = new HashMap<>();
    Map<Integer, Integer> leaders = new HashMap<>();
    for (ClusterDescription seen : said(each)) {
      for (PartitionInfo partition : seen.getPartitionsList()) {
        long term =
            partition.getReplicasList().stream().mapToLong(ReplicaInfo::getTerm).max().orElse(0);
        int place = place(seen, partition.getLeader());
        if (place >= 0 && term > terms.getOrDefault(partition.getNumber(), -1L)) {
          terms.put(partition.getNumber(), term);
          leaders.put(partition.getNumber(), place);
        }
      }
    }
    return leaders;
  }

  /** Of those who answer. */
  private List<ClusterDescription> said(Duration each) {
    List<ClusterDescription> said = new ArrayList<>();
    for (int node = 0; node < doors.size(); node++) {
      if (up.test(node)) {
        try {
          said.add(doors.get(node).describe(each));
        } catch (StatusRuntimeException e) {
          // It is dead, held or cut off.
        }
      }
    }
    return said;
  }

  private int place(ClusterDescription seen, int id) {
    return seen.getNodesList().stream()
        .filter(it -> it.getId() == id)
        .map(NodeInfo::getName)
        .mapToInt(it -> Integer.parseInt(it.substring(1)) - 1)
        .filter(it -> it < doors.size())
        .findFirst()
        .orElse(-1);
  }

  /**
   * Waits until each node says that all nodes are there, and that each partition has a leader and
   * all its copies.
   *
   * @throws AssertionError with what is missing
   */
  public void awaitWhole(Duration deadline) {
    if (doors.size() == 1) {
      return;
    }
    eventually(
        deadline,
        () -> {
          pause(BETWEEN);
          for (int node = 0; node < doors.size(); node++) {
            expectWhole(doors.get(node).describe(ASK));
          }
        });
  }

  /** What differs between the copies of a partition. */
  public List<String> differences(Duration deadline) {
    if (doors.size() == 1) {
      return List.of();
    }
    try (CopyHashes hashes = new CopyHashes(doors.getFirst().describe(deadline))) {
      return hashes.differences();
    }
  }

  private void expectWhole(ClusterDescription seen) {
    int copies = Math.min(COPIES, doors.size());
    expect(seen, "all nodes", seen.getNodesCount() == doors.size());
    expect(seen, "the metadata on enough nodes", seen.getMetadataVotersCount() >= copies);
    for (NodeInfo node : seen.getNodesList()) {
      long ago = node.getHeardMillisAgo();
      expect(seen, "a word of each node", ago >= 0 && ago < HEARD_MILLIS);
    }
    expect(seen, "partitions", seen.getPartitionsCount() > 0);
    for (PartitionInfo partition : seen.getPartitionsList()) {
      expect(seen, "every partition to be settled", partition.getSettled());
      expect(seen, "every partition to be led", place(seen, partition.getLeader()) >= 0);
      expect(seen, "enough copies", partition.getReplicasCount() >= copies);
      expect(
          seen,
          "every copy to be open",
          partition.getReplicasList().stream().allMatch(ReplicaInfo::getOpen));
    }
  }

  private static void expect(ClusterDescription seen, String what, boolean fulfilled) {
    if (!fulfilled) {
      throw new AssertionError(
          "Expected " + what + ", but node " + seen.getAnsweredBy() + " says " + seen);
    }
  }
}
