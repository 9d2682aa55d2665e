package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.log.LogId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of this node's replicas, for others. Made when one is asked for, at most one per
 * replica at a time, shared by all who ask for it, and deleted when nobody has read from it for a
 * while. Any thread.
 */
public final class LocalCheckpoints implements CheckpointSource, AutoCloseable {
  /** A checkpoint keeps files that the store would delete: not for longer than this. */
  public static final Duration KEPT = Duration.ofMinutes(2);

  private final String name;
  private final Path directory;
  private final LongSupplier nanos;
  private final AtomicLong numbers;
  private final Map<LogId, Offered> offered = new ConcurrentHashMap<>();
  private final Map<LogId, Asked> asked = new ConcurrentHashMap<>();

  /** Who is asked what a replica's state hashed to. Any thread; does not block. */
  @FunctionalInterface
  public interface Asked {
    /** The hash after this entry, or null; see {@link Peers.Hashes}. */
    @Nullable Long hashAt(long index, long askers);

    /** Somebody got a damaged checkpoint of it; told once of each that was made. */
    default void suspect() {}
  }

  /**
   * Deletes what an earlier process left there.
   *
   * @param name the node's, for people
   * @param directory for checkpoints only; on the file system of the stores, so that files are
   *     linked and not copied
   * @param nanos a clock that only runs forward
   */
  public LocalCheckpoints(String name, Path directory, LongSupplier nanos) {
    this.name = name;
    this.directory = directory;
    this.nanos = nanos;
    // Numbers must differ from an earlier process's, whose checkpoint somebody may still ask for.
    this.numbers = new AtomicLong(nanos.getAsLong() & (Long.MAX_VALUE >> 1));
    try {
      Directories.delete(directory);
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected a directory for checkpoints at " + directory, e);
    }
  }

  /** From now on others may ask about this replica's past, open or not. */
  public void remember(LogId log, Asked replica) {
    asked.put(log, replica);
  }

  /**
   * What this node's replica hashed to after an entry; null if nobody remembers.
   *
   * @param askers what the asking replica's hashed to
   */
  public @Nullable Long hashAt(LogId log, long index, long askers) {
    Asked replica = asked.get(log);
    return replica == null ? null : replica.hashAt(index, askers);
  }

  /** From now on others may have this replica's state. */
  public void offer(LogId log, Offering replica) {
    withdraw(log);
    offered.put(
        log,
        new Offered(
            name,
            log,
            replica,
            () -> numbers.incrementAndGet(),
            number -> directory.resolve(log.name() + "." + number)));
  }

  /** From now on they may not; waits for one that is being made. */
  public void withdraw(LogId log) {
    Offered old = offered.remove(log);
    if (old != null) {
      old.drop();
    }
  }

  @Override
  public Checkpoint open(LogId log, long atLeast) {
    Manifest manifest = manifest(log, atLeast);
    return new Checkpoint() {
      @Override
      public String from() {
        return name;
      }

      @Override
      public Manifest manifest() {
        return manifest;
      }

      @Override
      public byte[] read(Manifest.Part part, long offset, int length) {
        return LocalCheckpoints.this.read(log, manifest.number(), part.name(), offset, length);
      }

      @Override
      public void refuse() {
        LocalCheckpoints.this.refuse(log, manifest.number());
      }

      @Override
      public void close() {}
    };
  }

  /**
   * A checkpoint that holds this entry; made now if there is none. Blocks on disk.
   *
   * @throws CheckpointException if there is none that new
   */
  public Manifest manifest(LogId log, long atLeast) {
    return expect(log).manifest(atLeast, nanos.getAsLong());
  }

  /**
   * Reads from one that was made.
   *
   * @throws CheckpointException if it is there no more, or never was
   */
  public byte[] read(LogId log, long number, String part, long offset, int length) {
    return expect(log).read(number, part, offset, length, nanos.getAsLong());
  }

  /**
   * Offers a checkpoint no more, because somebody found it damaged, and has the replica look at
   * itself. Nothing happens if there is no such checkpoint.
   */
  public void refuse(LogId log, long number) {
    Offered found = offered.get(log);
    Asked replica = asked.get(log);
    if (found != null && found.refuse(number) && replica != null) {
      replica.suspect();
    }
  }

  private Offered expect(LogId log) {
    Offered found = offered.get(log);
    if (found == null) {
      throw new CheckpointException(name + " has no open replica of " + log);
    }
    return found;
  }

  /** Deletes those that nobody has used for a while. To be called now and then. */
  public void sweep() {
    long before = nanos.getAsLong() - KEPT.toNanos();
    offered.values().forEach(each -> each.dropUnusedSince(before));
  }

  @Override
  public void close() {
    offered.keySet().forEach(this::withdraw);
  }
}
