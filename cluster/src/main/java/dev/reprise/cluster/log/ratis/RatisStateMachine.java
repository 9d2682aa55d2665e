package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.CannotApplyException;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.LogPurgedException;
import dev.reprise.cluster.log.Replica;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.jspecify.annotations.Nullable;

/**
 * Ratis's calls in the words of {@link Replica}; it decides nothing. Confined to the apply thread,
 * but for what says otherwise.
 *
 * <p>Ratis counts entries from 0, we from 1: position n is Ratis's index n - 1.
 *
 * <p>Longer than most: Ratis calls one object, and most of it is a method a call.
 */
final class RatisStateMachine extends BaseStateMachine {
  private static final CompletableFuture<Message> DONE =
      CompletableFuture.completedFuture(Message.EMPTY);

  private static final CompletableFuture<Void> FLUSHED = CompletableFuture.completedFuture(null);

  private final LogId id;
  private final Replica replica;
  private final Consumer<Throwable> failed;
  private final EntryAssembler assembler = new EntryAssembler();
  private final int purgeEvery;
  private final Tail tail;
  private final LogPosition startedAt;

  private volatile LogPosition named;
  private volatile RaftServer.@Nullable Division division;
  private volatile @Nullable RaftStorage storage;
  private volatile boolean stopped;
  private volatile boolean cutAtOnce;
  private volatile @Nullable Thread logWorker;
  private boolean readyToLead;

  /**
   * @param keepBytes of newest entries that are kept for followers
   */
  RatisStateMachine(
      LogId id, Replica replica, int purgeEvery, long keepBytes, Consumer<Throwable> failed) {
    this.id = id;
    this.replica = replica;
    this.failed = failed;
    this.purgeEvery = purgeEvery;
    this.startedAt = replica.applied();
    this.tail = new Tail(keepBytes, startedAt);
    this.named = startedAt;
    setLastAppliedTermIndex(ratis(named));
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage opened)
      throws IOException {
    super.initialize(server, group, opened);
    storage = opened;
  }

  /** The files of the group, once Ratis has locked them. Any thread. */
  @Nullable RaftStorage storage() {
    return storage;
  }

  /** What the replica held when the log was opened. */
  LogPosition startedAt() {
    return startedAt;
  }

  /** Called before the first proposal. */
  void leads(RaftServer.Division ours) {
    division = ours;
  }

  // Proposing.

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    return TransactionContext.newBuilder()
        .setStateMachine(this)
        .setClientRequest(request)
        .setStateMachineContext(request.getMessage())
        .build();
  }

  /**
   * Runs under the lock that also guards the term: the only place where "still the same term" can
   * be decided. Thread: the proposer's.
   */
  @Override
  public TransactionContext preAppendTransaction(TransactionContext context)
      throws StateMachineException {
    RaftServer.Division ours = division;
    if (!(context.getStateMachineContext() instanceof Proposal proposal) || ours == null) {
      throw new StateMachineException("Expected a proposal of our own, but got " + context, false);
    }
    long term = ours.getInfo().getCurrentTerm();
    if (term != proposal.term()) {
      throw new StateMachineException(
          "Expected term " + proposal.term() + ", but the present term is " + term, false);
    }
    return context;
  }

  // Applying.

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext context) {
    LogEntryProto logged = context.getLogEntry();
    LogPosition at = position(logged.getTerm(), logged.getIndex());
    guarded(() -> apply(at, context));
    setLastAppliedTermIndex(TermIndex.valueOf(logged.getTerm(), logged.getIndex()));
    return DONE;
  }

  private void apply(LogPosition at, TransactionContext context) {
    byte[] entry;
    if (context.getStateMachineContext() instanceof Proposal proposal && proposal.entry() != null) {
      assembler.drop();
      entry = proposal.entry();
    } else {
      entry = assembler.accept(at.term(), context.getStateMachineLogEntry().getLogData());
    }
    tail.applied(at, context.getStateMachineLogEntry().getLogData().size());
    if (entry != null) {
      tell(at, entry);
    }
  }

  /** What the disk is to blame for is told as it is; the rest would happen again. */
  private void tell(LogPosition at, byte[] entry) {
    try {
      replica.apply(at, entry);
    } catch (StorageException | LogException cause) {
      if (cause instanceof StorageException stored && stored.reason() == Reason.MALFORMED) {
        throw new CannotApplyException(id, at, cause);
      }
      throw cause;
    } catch (RuntimeException cause) {
      throw new CannotApplyException(id, at, cause);
    }
  }

  @Override
  public void notifyLeaderReady() {
    // Told with the position of the same entry, which follows at once.
    readyToLead = true;
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    LogPosition at = position(term, index);
    guarded(() -> advance(at));
    setLastAppliedTermIndex(TermIndex.valueOf(term, index));
  }

  private void advance(LogPosition at) {
    // While a series of this very term is open, a replay must begin before its first fragment: the
    // last one will report a later position anyway. In a later term it can never be completed.
    if (!assembler.isOpenIn(at.term())) {
      assembler.drop();
      replica.advanced(at);
    }
    if (readyToLead) {
      readyToLead = false;
      replica.leaderReady(at.term());
    }
  }

  /**
   * Once a call has failed, nothing more is told to the replica, and the log closes this division.
   * Until it has, Ratis runs over the rest, which leaves no hole: the replica says itself where a
   * replay begins. To throw instead would close the division too, but if it is being closed at that
   * moment, Ratis's updater would spin for ever.
   */
  private void guarded(Runnable call) {
    if (stopped) {
      return;
    }
    try {
      call.run();
    } catch (Throwable thrown) {
      stopped = true;
      failed.accept(thrown);
    }
  }

  // Roles and failures. Any thread.

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (!member.getPeerId().equals(leader) && !stopped) {
      replica.leadershipLost();
    }
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    if (!stopped) {
      replica.leadershipLost();
    }
  }

  /**
   * Ratis has closed this division by itself: it stood for election, and is no member that it, or
   * another one, knows of. It may have missed the entry that made it one, if its log was replaced
   * by the state of another replica; opened again, it follows whoever leads.
   */
  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    if (!allServer) {
      failed.accept(
          new LogException(
              "Expected to be a member of log " + id + ", but is none yet, or none now"));
    }
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    failed.accept(new LogException("Expected log " + id + " to be written, but it failed", cause));
  }

  /** Ratis asks before each force of the file; we only learn which thread writes. */
  @Override
  public CompletableFuture<Void> flush(long index) {
    if (logWorker == null) {
      logWorker = Thread.currentThread();
    }
    return FLUSHED;
  }

  /** The thread that writes this log, once it has written. Any thread. */
  @Nullable Thread logWorker() {
    return logWorker;
  }

  // What the log need not hold any more.

  /** The next question is answered even if there is little to cut. Any thread. */
  void cutAtOnce() {
    cutAtOnce = true;
  }

  /** Ratis cuts its log up to the answer. */
  @Override
  public long takeSnapshot() {
    LogPosition flushed = earlier(replica.flushed(), tail.start());
    LogPosition applied = position(getLastAppliedTermIndex());
    long enough = cutAtOnce ? 1 : purgeEvery;
    cutAtOnce = false;
    if (flushed.index() - named.index() < enough || flushed.compareTo(applied) > 0) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    named = flushed;
    return ratis(flushed).getIndex();
  }

  private static LogPosition earlier(LogPosition one, LogPosition other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    LogPosition position = named;
    return position.index() == 0 ? null : new Named(ratis(position));
  }

  /**
   * A follower that the leader's log can no longer serve; the checkpoint comes another way. Ratis
   * asks every new member, too, whose log may well be served from its beginning. And it asks one
   * that lacks nothing, if the leader has purged the entry before; that one is served once it has
   * been opened with what it holds, or more.
   */
  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex firstHeld) {
    LogPosition applied = position(getLastAppliedTermIndex());
    if (position(firstHeld).index() <= Math.max(1, applied.index())) {
      return CompletableFuture.completedFuture(null);
    }
    LogException cause = new LogPurgedException(id, applied, position(firstHeld));
    failed.accept(cause);
    return CompletableFuture.failedFuture(cause);
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {}

  static LogPosition position(TermIndex at) {
    return position(at.getTerm(), at.getIndex());
  }

  private static LogPosition position(long term, long index) {
    return new LogPosition(term, index + 1);
  }

  private static TermIndex ratis(LogPosition at) {
    return TermIndex.valueOf(at.term(), at.index() - 1);
  }

  private record Named(TermIndex at) implements SnapshotInfo {
    @Override
    public TermIndex getTermIndex() {
      return at;
    }

    @Override
    public List<FileInfo> getFiles() {
      return List.of();
    }
  }
}
