package dev.reprise.cluster.log.ratis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a node's Raft server needs to know.
 *
 * @param nodeId this node's name, the same after every restart
 * @param directory where the logs live; created if absent
 * @param peers every member of a new log, this node among them
 * @param isAlone whether there are no other nodes: then it opens no port
 * @param bindHost the address to listen on, or null for all; unused when alone
 * @param tuning sizes and times
 * @param tls what is shown to other nodes and whom it believes, or null for none of it
 */
public record RatisSettings(
    String nodeId,
    Path directory,
    List<Peer> peers,
    boolean isAlone,
    @Nullable String bindHost,
    Tuning tuning,
    @Nullable Tls tls) {

  /** What a node shows to others, and whom it believes; either may change what it says. */
  public record Tls(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {}

  /** Without TLS. */
  public RatisSettings(
      String nodeId,
      Path directory,
      List<Peer> peers,
      boolean isAlone,
      @Nullable String bindHost,
      Tuning tuning) {
    this(nodeId, directory, peers, isAlone, bindHost, tuning, null);
  }

  /** A member and where its Raft port is reached. */
  public record Peer(String id, String host, int port) {}

  /**
   * Sizes and times; the defaults suit a node with a few partitions.
   *
   * @param electionMin a follower that hears nothing for at least this long stands for election
   * @param electionMax and at most this long
   * @param segmentBytes size of one file of the log; the newest two are also kept in memory
   * @param purgeEvery entries flushed since the last purge before the log is cut again
   * @param keepEntries newest entries that are never purged
   * @param keepBytes of newest entries that are not purged where there are followers, so that a
   *     short outage of one needs no checkpoint; some of it twice after a restart
   */
  public record Tuning(
      Duration electionMin,
      Duration electionMax,
      long segmentBytes,
      int purgeEvery,
      int keepEntries,
      long keepBytes) {
    private static final long KEEP_BYTES = 128L << 20;

    /** What a node uses. */
    public static final Tuning DEFAULT =
        new Tuning(Duration.ofSeconds(1), Duration.ofSeconds(2), 16L << 20, 1024, 4096);

    /** With the usual tail for followers. */
    public Tuning(
        Duration electionMin,
        Duration electionMax,
        long segmentBytes,
        int purgeEvery,
        int keepEntries) {
      this(electionMin, electionMax, segmentBytes, purgeEvery, keepEntries, KEEP_BYTES);
    }
  }

  /** Checks that this node is a peer. */
  public RatisSettings {
    peers = List.copyOf(peers);
    String wanted = nodeId;
    if (peers.stream().noneMatch(peer -> peer.id().equals(wanted))) {
      throw new IllegalArgumentException(
          "Expected node " + nodeId + " among the peers, but they are " + peers);
    }
  }

  /** A node without peers. */
  public static RatisSettings alone(String nodeId, Path directory) {
    return alone(new Peer(nodeId, "127.0.0.1", 0), directory);
  }

  /** A node without peers, and where it would be reached if it had some. */
  public static RatisSettings alone(Peer self, Path directory) {
    return new RatisSettings(self.id(), directory, List.of(self), true, null, Tuning.DEFAULT);
  }

  /** A node that has peers, or will have some; what it begins, it begins by itself. */
  public static RatisSettings among(Peer self, Path directory, @Nullable String bindHost) {
    return new RatisSettings(self.id(), directory, List.of(self), false, bindHost, Tuning.DEFAULT);
  }

  /** The same with other sizes and times. */
  public RatisSettings with(Tuning other) {
    return new RatisSettings(nodeId, directory, peers, isAlone, bindHost, other, tls);
  }

  /** The same, with TLS or without. */
  public RatisSettings with(@Nullable Tls other) {
    return new RatisSettings(nodeId, directory, peers, isAlone, bindHost, tuning, other);
  }

  Peer self() {
    return peers.stream().filter(peer -> peer.id().equals(nodeId)).findFirst().orElseThrow();
  }
}
