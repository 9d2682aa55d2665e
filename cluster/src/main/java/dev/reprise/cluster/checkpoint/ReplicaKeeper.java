package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.log.CannotApplyException;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.StateDiffersException;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.StorageException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps one replica open. When it stops, it is closed, healed, and opened again until that works:
 * by itself after a full disk; with a checkpoint of another replica when its own files, or the log,
 * cannot make it whole any more. Until then it takes no part: it neither answers nor leads. Any
 * thread.
 *
 * <p>Longer than most: how a replica opens, stops, is judged and healed is one story.
 *
 * @param <R> what an open replica is
 */
public final class ReplicaKeeper<R extends KeptReplica>
    implements LocalCheckpoints.Asked, AutoCloseable {
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
   * @param peers the other replicas; gives null while this node is alone
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
      Supplier<@Nullable Peers> peers,
      LocalCheckpoints offers,
      Executor background) {}

  private record Run<R>(KeyValueStore store, R replica, AtomicBoolean ended) {}

  private final Parts<R> parts;
  private final Installation installation;
  private volatile @Nullable Run<R> run;
  private volatile Status status = new Status(Condition.STOPPED, "it was not opened yet");
  private volatile boolean closed;

  /** Of the replica that was opened last. */
  private volatile Witness witness = index -> null;

  /** Of an earlier state of the same, where it was not what another one's was. */
  private volatile Witness disputed = index -> null;

  private final AtomicLong rebuilds = new AtomicLong();

  /** The entry that could not be applied last; 0 for none. Confined to whoever heals. */
  private long notApplied;

  private String said = "";

  public ReplicaKeeper(Parts<R> parts) {
    this.parts = parts;
    parts.offers().remember(parts.log(), this);
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
      if (Remedy.of(e) instanceof Remedy.Reopen) {
        throw e;
      }
      if (parts.peers().get() == null) {
        throw new LogException(nobodyCanHelp(e), e);
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
    return rebuilds.get();
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
      witness = replica.witness();
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
   * Gets another replica's state, because somebody wants that; its own is set aside. In the
   * background; whatever interrupts it, the next start goes on.
   *
   * @return false when it is not open, or nobody has another copy; nothing happens then
   */
  public boolean rebuild() {
    Run<R> now = run;
    if (now == null || parts.peers().get() == null) {
      return false;
    }
    stop(now, new RebuildWantedException(now.replica().index()));
    return true;
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

  /** Reads all that it has, in the background. */
  @Override
  public void suspect() {
    parts.background().execute(() -> scrub(() -> true));
  }

  /** On a thread of its own, for as long as it takes. */
  private void heal(Throwable cause) {
    shut();
    status = new Status(Condition.STOPPED, String.valueOf(cause.getMessage()));
    logger
        .atLevel(cause instanceof RebuildWantedException ? Level.INFO : Level.ERROR)
        .log("{} stopped: {}", parts.what(), cause.toString());
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
    Peers peers = parts.peers().get();
    if (peers == null) {
      String reason = nobodyCanHelp(problem);
      status = new Status(Condition.PARKED, reason);
      say("serves nothing any more: " + reason);
      return false;
    }
    if (problem instanceof StateDiffersException differs) {
      // Opened again, it does not remember; the others may still ask.
      disputed = at -> at == differs.index() ? (Long) differs.mine() : null;
      switch (verdict(peers, differs.index(), differs.mine())) {
        case RIGHT -> {
          say("is what most replicas are at entry " + differs.index());
          return true;
        }
        case UNDECIDED -> {
          String reason = problem.getMessage() + "; too few of the others say who is right";
          status = new Status(Condition.PARKED, reason);
          say("waits: " + reason);
          return false;
        }
        case WRONG -> {}
      }
    }
    rebuild(peers, rebuild);
    return true;
  }

  private static String nobodyCanHelp(Throwable problem) {
    return problem.getMessage()
        + "; this node is alone, so nobody has another copy: start the version that wrote it, or"
        + " restore the node's directory from a backup";
  }

  private enum Verdict {
    RIGHT,
    WRONG,
    UNDECIDED
  }

  /** More than half of all replicas must agree. */
  private Verdict verdict(Peers peers, long index, long mine) {
    Map<Long, Integer> votes = new HashMap<>();
    votes.put(mine, 1);
    peers.hashes().at(parts.log(), index, mine).forEach(it -> votes.merge(it, 1, Integer::sum));
    int majority = (peers.others() + 1) / 2 + 1;
    for (Map.Entry<Long, Integer> each : votes.entrySet()) {
      if (each.getValue() >= majority) {
        return each.getKey() == mine ? Verdict.RIGHT : Verdict.WRONG;
      }
    }
    return Verdict.UNDECIDED;
  }

  /**
   * What this replica's state hashed to after an entry, also when it has stopped since. One that
   * differs from the asking replica's asks the others, and stops if most have another.
   *
   * @param askers what the asking replica's hashed to
   */
  @Override
  public @Nullable Long hashAt(long index, long askers) {
    Long remembered = witness.hashAt(index);
    Long mine = remembered == null ? disputed.hashAt(index) : remembered;
    if (mine != null && mine != askers) {
      parts.background().execute(() -> audit(index, mine, askers));
    }
    return mine;
  }

  private void audit(long index, long mine, long askers) {
    Run<R> now = run;
    Peers peers = parts.peers().get();
    if (now != null && peers != null && verdict(peers, index, mine) == Verdict.WRONG) {
      stop(now, new StateDiffersException(parts.log(), index, mine, askers));
    }
  }

  private void rebuild(Peers peers, Remedy.Rebuild rebuild) {
    if (rebuild.setAside()) {
      installation.setAside();
      say("is set aside: its files are in " + installation.quarantine());
    }
    try (Checkpoint checkpoint = peers.checkpoints().open(parts.log(), rebuild.atLeast())) {
      String reason =
          "entry " + checkpoint.manifest().index() + " is fetched from " + checkpoint.from();
      status = new Status(Condition.REBUILDING, reason);
      installation.install(checkpoint, this::verify);
      disputed = index -> null;
      witness = index -> null;
      rebuilds.incrementAndGet();
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
