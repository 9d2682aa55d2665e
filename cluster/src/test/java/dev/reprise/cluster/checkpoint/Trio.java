package dev.reprise.cluster.checkpoint;

import static org.assertj.core.api.Assertions.fail;

import dev.reprise.cluster.checkpoint.ReplicaKeeper.Condition;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.log.ratis.RatisSettings.Peer;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes in this JVM, each with a replica of one partition: real Ratis, real stores, real
 * files. Used by one thread.
 */
final class Trio implements AutoCloseable {
  static final LogId LOG = LogId.partition(0);
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final int OBJECTS = 40;
  private static final int AT_A_TIME = 8;
  private static final Ingress.Answer LATE = new Ingress.Answer.Unavailable("no answer in time");

  final RocksDbResources resources = new RocksDbResources(16 << 20);
  final List<TrioNode> nodes = new ArrayList<>();
  private final SplittableRandom random;
  private long writes;

  Trio(Path directory, Tuning tuning, long seed) {
    this(directory, tuning, seed, 3);
  }

  /** With another number of nodes. */
  Trio(Path directory, Tuning tuning, long seed, int size) {
    System.out.println("-Dseed=" + seed);
    random = new SplittableRandom(seed);
    List<Peer> peers = new ArrayList<>();
    for (int port : freePorts(size)) {
      peers.add(new Peer("n" + (peers.size() + 1), "127.0.0.1", port));
    }
    for (Peer peer : peers) {
      Path own = directory.resolve(peer.id());
      RatisSettings settings =
          new RatisSettings(peer.id(), own.resolve("log"), peers, size == 1, "127.0.0.1", tuning);
      nodes.add(new TrioNode(this, own, settings));
    }
    nodes.forEach(TrioNode::start);
  }

  static long seed() {
    return Long.getLong("seed", System.nanoTime());
  }

  SplittableRandom random() {
    return random;
  }

  /** Checkpoints of the nodes that run, but for this one's. */
  @Nullable Peers othersOf(TrioNode self) {
    if (nodes.size() == 1) {
      return null;
    }
    List<LocalCheckpoints> others =
        nodes.stream().filter(it -> it != self && it.runs()).map(TrioNode::offers).toList();
    return new Peers(
        2,
        CheckpointSource.firstOf(List.copyOf(others)),
        (log, index, mine) ->
            others.stream()
                .map(it -> it.hashAt(log, index, mine))
                .filter(Objects::nonNull)
                .toList());
  }

  /** The node that leads, once one does. */
  TrioNode leader() {
    await("somebody leads", () -> nodes.stream().anyMatch(TrioNode::leads));
    return nodes.stream().filter(TrioNode::leads).findFirst().orElseGet(this::leader);
  }

  /** One that follows now. */
  TrioNode follower() {
    TrioNode leader = leader();
    return nodes.stream()
        .filter(it -> it != leader && it.runs())
        .skip(random.nextInt(2))
        .findFirst()
        .orElseThrow();
  }

  /** Writes so many states of half a kilobyte, some at a time, until each is acknowledged. */
  void write(int count) {
    for (int left = count; left > 0; left -= AT_A_TIME) {
      List<StatePatch> open = new ArrayList<>();
      for (int i = 0; i < Math.min(left, AT_A_TIME); i++) {
        byte[] value = new byte[512];
        new Random(random.nextLong()).nextBytes(value);
        StateEntry entry = new StateEntry(Bytes.utf8("value"), Bytes.of(value));
        open.add(new StatePatch(new RequestId(7, ++writes), null, List.of(entry)));
      }
      writeAll(open);
    }
  }

  private void writeAll(List<StatePatch> patches) {
    List<StatePatch> open = patches;
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!open.isEmpty()) {
      if (System.nanoTime() > deadline) {
        fail("Expected " + open.size() + " writes to be acknowledged within 90 s" + nodes);
      }
      TrioNode leader = leader();
      List<CompletableFuture<Ingress.Answer>> answers = new ArrayList<>();
      for (StatePatch patch : open) {
        CompletableFuture<Ingress.Answer> answer = new CompletableFuture<>();
        answers.add(answer.completeOnTimeout(LATE, 5, TimeUnit.SECONDS));
        String key = "o" + patch.request().low() % OBJECTS;
        leader.patch(new ObjectId("box", key), patch, answer::complete);
      }
      List<StatePatch> again = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        if (!(answers.get(i).join() instanceof Ingress.Answer.Done)) {
          again.add(open.get(i));
        }
      }
      open = again;
    }
  }

  /** Waits until all nodes that run have the same rows, and gives them. */
  Contents sameEverywhere() {
    await(
        "all replicas have the same rows",
        () ->
            nodes.stream().filter(TrioNode::runs).allMatch(it -> it.condition() == Condition.OPEN)
                && nodes.stream().filter(TrioNode::runs).map(TrioNode::contents).distinct().count()
                    == 1);
    return leader().contents();
  }

  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        StringBuilder how = new StringBuilder();
        nodes.forEach(it -> how.append("\n  ").append(it));
        fail("Expected that " + what + " within 90 s, but it did not happen" + how);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** Flips one bit of a file, at a place drawn within these bounds; prints it. */
  void flipOneBit(Path file, double fromPart, double toPart) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int at = random.nextInt((int) (bytes.length * fromPart), (int) (bytes.length * toPart));
      int bit = random.nextInt(8);
      bytes[at] ^= (byte) (1 << bit);
      Files.delete(file); // Others may have a link to it.
      Files.write(file, bytes);
      System.out.println("flipped bit " + bit + " of byte " + at + " of " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long size(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(Trio::sizeOf).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // A file went while it was looked at; the next look will do.
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
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
  public void close() {
    nodes.stream().filter(TrioNode::runs).forEach(TrioNode::stop);
    resources.close();
  }
}
