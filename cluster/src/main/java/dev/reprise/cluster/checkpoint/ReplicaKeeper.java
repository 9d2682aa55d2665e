package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.log.CannotApplyException;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.StorageException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one replica open. When it stops, it is closed, healed, and opened again until that works:
 * by itself after a full disk; with a checkpoint of another replica when its own files, or the log,
 * cannot make it whole any more. Until then it takes no part: it neither answers nor leads. Any
 * thread.
 *
 * @param <R> what an open replica is
 */
public final class ReplicaKeeper<R extends KeptReplica> implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(ReplicaKeeper.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How a replica is. */
  public enum Condition {
    /** It takes part. */
    OPEN,
    /** It stopped, and is being opened again. */
    STOPPED,
    /** It is being replaced by another one's state. */
    REBUILDING,
    /** Nothing heals it at present. */
    PARKED,
    /** It was closed in order. */
    CLOSED
  }

  /** How a replica is, and why, in a sentence; the reason of an open one is empty. */
  public record Status(Condition condition, String reason) {}

  /**
   * What a replica is made of.
   *
   * @param what for people
   * @param directory of its store
   * @param stores opens the store in a directory
   * @param replicas opens the replica over its store, and its log
   * @param stopped told before a replica is closed
   * @param peers where checkpoints come from; gives null while this node is alone
   * @param offers where its own are offered
   * @param background may block
   */
  public record Parts<R>(
      String what,
      LogId log,
      Path directory,
      Function<Path, KeyValueStore> stores,
      Function<KeyValueStore, R> replicas,
      Runnable stopped,
      Supplier<@Nullable CheckpointSource> peers,
      LocalCheckpoints offers,
      Executor background) {}

  private record Run<R>(KeyValueStore store, R replica, AtomicBoolean ended) {}

  private final Parts<R> parts;
  private final Installation installation;
  private volatile @Nullable Run<R> run;
  private volatile Status status = new Status(Condition.STOPPED, "it was not opened yet");
  private volatile boolean closed;

  /** Written by whoever heals only. */
  private volatile long rebuilds;

  /** The entry that could not be applied last; 0 for none. Confined to whoever heals. */
  private long notApplied;

  private String said = "";

  public ReplicaKeeper(Parts<R> parts) {
    this.parts = parts;
    this.installation = new Installation(parts.directory(), step -> expectWanted());
  }

  /**
   * Opens the replica. Where others can heal it, a damaged one is healed in the background.
   *
   * @throws LogException or {@link StorageException} if it does not open, and nobody can help
   */
  public void start() {
    try {
      open();
    } catch (LogException | StorageException e) {
      if (parts.peers().get() == null || Remedy.of(e) instanceof Remedy.Reopen) {
        throw e;
      }
      parts.background().execute(() -> heal(e));
    }
  }

  /** The open replica; null while there is none. */
  public @Nullable R replica() {
    Run<R> now = run;
    return now == null ? null : now.replica();
  }

  public Status status() {
    return status;
  }

  /** How often the state of another replica was put in place of this one's. */
  public long rebuilds() {
    return rebuilds;
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    installation.finish();
    KeyValueStore store = parts.stores().apply(parts.directory());
    try {
      R replica = parts.replicas().apply(store);
      Run<R> opened = new Run<>(store, replica, new AtomicBoolean());
      run = opened;
      status = new Status(Condition.OPEN, "");
      parts.offers().offer(parts.log(), replica);
      CompletableFuture<Void> unused = replica.failure().thenAccept(cause -> stop(opened, cause));
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private void stop(Run<R> stopped, Throwable cause) {
    if (stopped.ended().compareAndSet(false, true) && !closed) {
      parts.background().execute(() -> heal(cause));
    }
  }

  /**
   * Reads all of the store that is on disk, and stops the replica if some of it is damaged. Slow.
   *
   * @param goOn asked before each file, and may take its time
   */
  public void scrub(BooleanSupplier goOn) {
    Run<R> now = run;
    if (now == null) {
      return;
    }
    try {
      now.store().verify(goOn);
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.CLOSED) {
        stop(now, e);
      }
    }
  }

  /** On a thread of its own, for as long as it takes. */
  private void heal(Throwable cause) {
    shut();
    status = new Status(Condition.STOPPED, String.valueOf(cause.getMessage()));
    logger.error("{} stopped: {}", parts.what(), cause.toString());
    Throwable problem = cause;
    boolean pause = Remedy.of(cause) instanceof Remedy.Reopen;
    while (!closed) {
      if (pause) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      pause = true;
      try {
        if (mend(problem)) {
          open();
          logger.info("{} is open again", parts.what());
          said = "";
          return;
        }
      } catch (CheckpointException | UncheckedIOException e) {
        status = new Status(Condition.PARKED, problem.getMessage() + "; " + e.getMessage());
        say("waits for a checkpoint: " + e.getMessage());
      } catch (RuntimeException e) {
        problem = e;
        status = new Status(Condition.STOPPED, String.valueOf(e.getMessage()));
        say("cannot be opened yet: " + e);
      }
    }
  }

  /** Whether it is worth while to open it now. */
  private boolean mend(Throwable problem) {
    if (!(Remedy.of(problem) instanceof Remedy.Rebuild rebuild)) {
      return true;
    }
    if (problem instanceof CannotApplyException refused && refused.at().index() != notApplied) {
      // Once may be chance. The second time it is parked.
      notApplied = refused.at().index();
      return true;
    }
    CheckpointSource peers = parts.peers().get();
    if (peers == null) {
      String reason =
          problem.getMessage()
              + "; this node is alone, so nobody has another copy: start the version that wrote it,"
              + " or restore the node's directory from a backup";
      status = new Status(Condition.PARKED, reason);
      say("serves nothing any more: " + reason);
      return false;
    }
    rebuild(peers, rebuild);
    return true;
  }

  private void rebuild(CheckpointSource peers, Remedy.Rebuild rebuild) {
    if (rebuild.setAside()) {
      installation.setAside();
      say("was damaged; its files are in " + installation.quarantine());
    }
    try (Checkpoint checkpoint = peers.open(parts.log(), rebuild.atLeast())) {
      String reason =
          "entry " + checkpoint.manifest().index() + " is fetched from " + checkpoint.from();
      status = new Status(Condition.REBUILDING, reason);
      installation.install(checkpoint, this::verify);
      rebuilds++;
    }
  }

  private void expectWanted() {
    if (closed) {
      throw new CheckpointException(parts.what() + " is not wanted any more");
    }
  }

  private void verify(Path fetched) {
    try (KeyValueStore store = parts.stores().apply(fetched)) {
      store.verify(() -> true);
    }
  }

  /** Each reason once, however often it is met in a row. */
  private void say(String what) {
    if (!said.equals(what)) {
      said = what;
      logger.error("{} {}", parts.what(), what);
    }
  }

  private synchronized void shut() {
    Run<R> stopping = run;
    run = null;
    if (stopping == null) {
      return;
    }
    stopping.ended().set(true);
    parts.stopped().run();
    parts.offers().withdraw(parts.log());
    stopping.replica().close();
    try {
      stopping.store().close();
    } catch (StorageException e) {
      // What it could not write is in the log.
      logger.warn("the store of {} did not close in order", parts.what(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    shut();
    status = new Status(Condition.CLOSED, "");
  }
}
