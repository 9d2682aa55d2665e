package dev.reprise.cluster.checkpoint;

import dev.reprise.storage.kv.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a checkpoint in the place of a store. Nobody may have the store open. Confined to one
 * thread.
 *
 * <pre>
 * NAME              the store
 * NAME.incoming     what was fetched so far; whatever of it is right is not fetched again
 * NAME.ready        fetched, verified and durable: from here on it becomes the store
 * NAME.replaced     the store before; deleted once the new one is in its place
 * NAME.quarantine   the last store that was found damaged; never opened again
 * </pre>
 *
 * A crash at any moment leaves the old store or the new one, once {@link #finish} has run.
 */
public final class Installation {
  private static final Logger logger = LoggerFactory.getLogger(Installation.class);

  /** One read from whoever offers it. */
  private static final int CHUNK = 1 << 20;

  private final Path store;
  private final Path incoming;
  private final Path ready;
  private final Path replaced;
  private final Path quarantine;
  private final Consumer<String> beforeStep;

  /** For the store in this directory, which need not exist. */
  public Installation(Path store) {
    this(store, step -> {});
  }

  /** A test may stop before each step. */
  Installation(Path store, Consumer<String> beforeStep) {
    this.store = store;
    this.incoming = beside("incoming");
    this.ready = beside("ready");
    this.replaced = beside("replaced");
    this.quarantine = beside("quarantine");
    this.beforeStep = beforeStep;
  }

  private Path beside(String suffix) {
    return store.resolveSibling(store.getFileName() + "." + suffix);
  }

  /** The directory of the last store that was found damaged. */
  public Path quarantine() {
    return quarantine;
  }

  /** Whether a checkpoint is to take the place of the store: it may be missing then. */
  public boolean isUnderWay() {
    return Files.isDirectory(incoming) || Files.isDirectory(ready);
  }

  /** Deletes the store, and whatever is beside it. Nobody may have it open. */
  public void delete() {
    try {
      for (Path each : List.of(ready, incoming, replaced, quarantine, store)) {
        Directories.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to delete the store at " + store, e);
    }
  }

  /** Ends what a crash has interrupted. Before the store is opened. */
  public void finish() {
    try {
      if (Files.exists(ready)) {
        swap();
      }
      step("delete the store before");
      Directories.delete(replaced);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to put the store at " + store + " in order", e);
    }
  }

  /**
   * Moves a damaged store aside. From here on there is none until a checkpoint is installed, and
   * {@link #isUnderWay} says so.
   */
  public void setAside() {
    try {
      if (Files.exists(store)) {
        step("forget the one set aside before");
        Directories.delete(quarantine);
        Files.createDirectories(incoming);
        Directories.force(incoming.toAbsolutePath().resolve("..").normalize());
        step("set aside");
        Directories.move(store, quarantine);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to set the store at " + store + " aside", e);
    }
  }

  /**
   * Fetches the checkpoint and puts it in place.
   *
   * @param verify is given the directory of the fetched files, and opens them as a store once; what
   *     it throws ends the installation, and nothing was changed
   * @throws CheckpointException if the checkpoint cannot be had, or is not what its manifest says
   */
  public void install(Checkpoint checkpoint, Consumer<Path> verify) {
    Manifest manifest = checkpoint.manifest();
    try {
      fetch(checkpoint);
      step("verify");
      try {
        verify.accept(incoming);
      } catch (RuntimeException e) {
        Directories.empty(incoming);
        if (e instanceof StorageException stored
            && stored.reason() == StorageException.Reason.CORRUPT) {
          checkpoint.refuse();
        }
        throw new CheckpointException(
            "the checkpoint of " + manifest.log() + " from " + checkpoint.from() + ": " + e, e);
      }
      for (Path file : Directories.files(incoming)) {
        Directories.force(file);
      }
      Directories.force(incoming);
      step("declare ready");
      Directories.move(incoming, ready);
      finish();
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to install a checkpoint at " + store, e);
    }
    logger.info(
        "a checkpoint of {} at entry {} from {} is in place at {}: {} bytes",
        manifest.log(),
        manifest.index(),
        checkpoint.from(),
        store,
        manifest.size());
  }

  private void swap() throws IOException {
    // If there is none, a crash came between the two moves.
    if (Files.exists(store)) {
      step("delete the store before the last");
      Directories.delete(replaced);
      step("move the old store away");
      Directories.move(store, replaced);
    }
    step("move the new store in");
    Directories.move(ready, store);
  }

  private void fetch(Checkpoint checkpoint) throws IOException {
    step("begin to fetch");
    Files.createDirectories(incoming);
    Map<String, Manifest.Part> wanted = new HashMap<>();
    checkpoint.manifest().parts().forEach(part -> wanted.put(part.name(), part));
    for (Path file : Directories.files(incoming)) {
      Manifest.Part part = wanted.get(file.getFileName().toString());
      if (part == null || Files.size(file) > part.size()) {
        Files.delete(file);
      }
    }
    for (Manifest.Part part : checkpoint.manifest().parts()) {
      step("fetch " + part.name());
      fetch(checkpoint, part, incoming.resolve(part.name()));
    }
  }

  /** What is there of the file is trusted only once all of it has the right checksum. */
  private void fetch(Checkpoint checkpoint, Manifest.Part part, Path file) throws IOException {
    boolean resumed = Files.exists(file);
    append(checkpoint, part, file);
    if (Directories.checksum(file) == part.checksum()) {
      return;
    }
    Files.delete(file);
    if (resumed) {
      append(checkpoint, part, file);
      if (Directories.checksum(file) == part.checksum()) {
        return;
      }
      Files.delete(file);
    }
    checkpoint.refuse();
    throw new CheckpointException(
        "Expected "
            + part.name()
            + " from "
            + checkpoint.from()
            + " to have the checksum "
            + Integer.toHexString(part.checksum())
            + ", but it arrived different");
  }

  private void append(Checkpoint checkpoint, Manifest.Part part, Path file) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      for (long at = out.size(); at < part.size(); ) {
        byte[] bytes = checkpoint.read(part, at, (int) Math.min(CHUNK, part.size() - at));
        if (bytes.length == 0) {
          throw new CheckpointException(
              "Expected "
                  + part.size()
                  + " bytes of "
                  + part.name()
                  + " from "
                  + checkpoint.from()
                  + ", but got "
                  + at);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        at += bytes.length;
        step("received " + part.name() + " up to " + at);
      }
    }
  }

  private void step(String name) {
    beforeStep.accept(name);
  }
}
