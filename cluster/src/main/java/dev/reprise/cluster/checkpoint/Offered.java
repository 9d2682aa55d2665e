package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.log.LogId;
import dev.reprise.storage.kv.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica and the checkpoint that was last made of it. Any thread; whoever asks while one is
 * made waits for that one, and reading never waits.
 */
final class Offered {
  private static final Logger logger = LoggerFactory.getLogger(Offered.class);

  private final String node;
  private final LogId log;
  private final Offering replica;
  private final LongSupplier numbers;
  private final LongFunction<Path> places;
  private volatile @Nullable Made made;

  private static final class Made {
    private final Manifest manifest;
    private final Path directory;
    private volatile long usedAtNanos;

    private Made(Manifest manifest, Path directory, long nowNanos) {
      this.manifest = manifest;
      this.directory = directory;
      this.usedAtNanos = nowNanos;
    }
  }

  Offered(
      String node, LogId log, Offering replica, LongSupplier numbers, LongFunction<Path> places) {
    this.node = node;
    this.log = log;
    this.replica = replica;
    this.numbers = numbers;
    this.places = places;
  }

  synchronized Manifest manifest(long atLeast, long nowNanos) {
    Made present = made;
    if (present == null || present.manifest.index() < atLeast) {
      present = make(atLeast, nowNanos);
    }
    present.usedAtNanos = nowNanos;
    return present.manifest;
  }

  private Made make(long atLeast, long nowNanos) {
    long index = replica.index();
    if (index < atLeast) {
      throw new CheckpointException(
          node + " has " + log + " up to entry " + index + ", and " + atLeast + " is needed");
    }
    drop();
    long number = numbers.getAsLong();
    Path at = places.apply(number);
    try {
      replica.checkpoint(at);
      Made fresh = new Made(new Manifest(log, number, index, parts(at)), at, nowNanos);
      made = fresh;
      logger.info(
          "a checkpoint of {} at entry {} was made: {} files, {} bytes",
          log,
          index,
          fresh.manifest.parts().size(),
          fresh.manifest.size());
      return fresh;
    } catch (StorageException | IOException e) {
      throw new CheckpointException(node + " could not make a checkpoint of " + log + ": " + e, e);
    }
  }

  private static List<Manifest.Part> parts(Path directory) throws IOException {
    List<Manifest.Part> parts = new ArrayList<>();
    for (Path file : Directories.files(directory)) {
      parts.add(
          new Manifest.Part(
              file.getFileName().toString(), Files.size(file), Directories.checksum(file)));
    }
    return parts;
  }

  byte[] read(long number, String part, long offset, int length, long nowNanos) {
    Made present = made;
    if (present == null
        || present.manifest.number() != number
        || present.manifest.parts().stream().noneMatch(it -> it.name().equals(part))) {
      throw new CheckpointException(
          node + " has no file " + part + " of checkpoint " + number + " of " + log + " any more");
    }
    present.usedAtNanos = nowNanos;
    Path file = present.directory.resolve(part);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long left = Math.max(0, channel.size() - offset);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, left));
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new CheckpointException(node + " found " + file + " shorter than it was");
        }
      }
      return bytes.array();
    } catch (IOException e) {
      throw new CheckpointException(node + " could not read " + file + ": " + e, e);
    }
  }

  /** Drops this one; false if it is there no more. */
  synchronized boolean refuse(long number) {
    Made present = made;
    if (present == null || present.manifest.number() != number) {
      return false;
    }
    logger.warn("another node found checkpoint {} of {} damaged", number, log);
    drop();
    return true;
  }

  void dropUnusedSince(long nanos) {
    Made present = made;
    if (present != null && present.usedAtNanos - nanos < 0) {
      drop();
    }
  }

  synchronized void drop() {
    Made old = made;
    made = null;
    if (old == null) {
      return;
    }
    try {
      Directories.delete(old.directory);
    } catch (IOException e) {
      logger.warn("the checkpoint in {} could not be deleted", old.directory, e);
    }
  }
}
