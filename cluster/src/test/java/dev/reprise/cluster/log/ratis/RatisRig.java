package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.fail;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ratis.RatisSettings.Peer;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Nodes with real Ratis and a real disk in this JVM; more than one talk gRPC on loopback. */
final class RatisRig implements LogRig {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final List<RatisSettings> settings = new ArrayList<>();
  private final List<@Nullable RatisNode> nodes = new ArrayList<>();

  /** Guarded by this. */
  private long changes;

  private RatisRig() {}

  static RatisRig alone(Path directory, Tuning tuning) {
    RatisRig rig = new RatisRig();
    rig.add(RatisSettings.alone("n1", directory).with(tuning));
    return rig;
  }

  /** Elections take half a second to one, so that a busy machine is not mistaken for a dead one. */
  static RatisRig cluster(Path directory, int size) {
    Tuning tuning =
        new Tuning(Duration.ofMillis(500), Duration.ofMillis(1000), 16L << 20, 1024, 4096);
    return cluster(directory, size, tuning);
  }

  static RatisRig cluster(Path directory, int size, Tuning tuning) {
    List<Peer> peers = new ArrayList<>();
    for (int port : freePorts(size)) {
      peers.add(new Peer("n" + (peers.size() + 1), "127.0.0.1", port));
    }
    RatisRig rig = new RatisRig();
    for (Peer peer : peers) {
      Path own = directory.resolve(peer.id());
      rig.add(new RatisSettings(peer.id(), own, peers, size == 1, "127.0.0.1", tuning));
    }
    return rig;
  }

  /**
   * Nodes that reach each other through relays.
   *
   * @param relays gets them
   */
  static RatisRig behind(Path directory, int size, List<Relay> relays) {
    Tuning tuning =
        new Tuning(Duration.ofMillis(500), Duration.ofMillis(1000), 16L << 20, 1024, 4096);
    return behind(directory, size, relays, tuning);
  }

  /** With other sizes and times. */
  static RatisRig behind(Path directory, int size, List<Relay> relays, Tuning tuning) {
    List<Peer> real = new ArrayList<>();
    List<Peer> reached = new ArrayList<>();
    for (int port : freePorts(size)) {
      Peer peer = new Peer("n" + (real.size() + 1), "127.0.0.1", port);
      real.add(peer);
      reached.add(new Peer(peer.id(), peer.host(), relay(port, relays)));
    }
    RatisRig rig = new RatisRig();
    for (int self = 0; self < size; self++) {
      List<Peer> peers = new ArrayList<>(reached);
      peers.set(self, real.get(self));
      Path own = directory.resolve(real.get(self).id());
      rig.add(new RatisSettings(real.get(self).id(), own, peers, false, "127.0.0.1", tuning));
    }
    return rig;
  }

  private static int relay(int port, List<Relay> relays) {
    try {
      Relay relay = new Relay(port);
      relays.add(relay);
      return relay.port();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** Nodes that know of no others until they are told. */
  static RatisRig strangers(Path directory, int size) {
    Tuning tuning =
        new Tuning(Duration.ofMillis(500), Duration.ofMillis(1000), 16L << 20, 1024, 4096);
    RatisRig rig = new RatisRig();
    for (int port : freePorts(size)) {
      Peer self = new Peer("n" + (rig.settings.size() + 1), "127.0.0.1", port);
      Path own = directory.resolve(self.id());
      rig.add(RatisSettings.among(self, own, "127.0.0.1").with(tuning));
    }
    return rig;
  }

  LogMembers.Peer peer(int node) {
    Peer self = settings.get(node).self();
    return new LogMembers.Peer(self.id(), self.host() + ":" + self.port());
  }

  private void add(RatisSettings node) {
    settings.add(node);
    nodes.add(RatisNode.start(node));
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  @Override
  public int nodes() {
    return nodes.size();
  }

  @Override
  public ReplicatedLog open(int node, LogId id, Replica replica) {
    return node(node).open(id, replica);
  }

  RatisNode node(int node) {
    RatisNode running = nodes.get(node);
    if (running == null) {
      throw new IllegalStateException("Expected node " + node + " to run, but it was killed");
    }
    return running;
  }

  @Override
  public void kill(int node) {
    node(node).close();
    nodes.set(node, null);
  }

  @Override
  public void restart(int node) {
    nodes.set(node, RatisNode.start(settings.get(node)));
  }

  @Override
  public synchronized void changed() {
    changes++;
    notifyAll();
  }

  @Override
  public void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (true) {
      long seen = seen();
      if (condition.getAsBoolean()) {
        return;
      }
      if (!awaitChange(seen, deadline)) {
        fail("Expected that " + what + " within 60 s, but it did not happen");
      }
    }
  }

  private synchronized long seen() {
    return changes;
  }

  /** Until the next change, or a little while: not all that is awaited is told to a replica. */
  private synchronized boolean awaitChange(long seen, long deadline) {
    long lookAt = Math.min(deadline, System.nanoTime() + LOOK_NANOS);
    while (changes == seen) {
      long left = TimeUnit.NANOSECONDS.toMillis(lookAt - System.nanoTime());
      if (left <= 0) {
        break;
      }
      try {
        wait(left);
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException("Expected to wait, but was interrupted", interrupted);
      }
    }
    return System.nanoTime() < deadline;
  }

  @Override
  public void close() {
    for (int node = 0; node < nodes.size(); node++) {
      if (nodes.get(node) != null) {
        kill(node);
      }
    }
  }
}
