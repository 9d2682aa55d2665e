package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogPurgedException;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log of this node. {@link #propose} is confined to one thread at a time; everything else may
 * be called from any.
 *
 * <p>An entry of a node that is alone crosses three threads, none of which polls: the proposer
 * appends and queues it; Ratis's <em>log worker</em> writes it, and forces the file once its queue
 * holds no further write, so that whatever came during one force shares the next; the <em>leader's
 * event processor</em> moves the commit index; the <em>state machine updater</em> applies. With
 * peers, one appender per follower and gRPC's threads stand beside the log worker.
 */
final class RatisLog implements ReplicatedLog {
  private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);
  private static final long TRANSFER_TIMEOUT_MS = 2000;
  private static final long CUT_TIMEOUT_MS = 10_000;

  private final RatisNode node;
  private final LogId id;
  private final RaftGroupId group;
  private final Replica replica;
  private final RaftServer.Division division;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicBoolean releasing = new AtomicBoolean();
  private final CompletableFuture<Void> released = new CompletableFuture<>();
  private volatile boolean closed;

  // The proposer's.
  private ClientId client = ClientId.randomId();
  private long clientTerm;
  private long calls;
  private long series;
  private volatile boolean renewClient;

  RatisLog(
      RatisNode node, LogId id, RaftGroupId group, Replica replica, RaftServer.Division division) {
    this.node = node;
    this.id = id;
    this.group = group;
    this.replica = replica;
    this.division = division;
  }

  LogId id() {
    return id;
  }

  RaftServer.Division division() {
    return division;
  }

  @Override
  public int maxEntryBytes() {
    return EntryFrames.LARGEST_ENTRY;
  }

  @Override
  public void propose(long term, byte[] entry) {
    if (entry.length > EntryFrames.LARGEST_ENTRY) {
      throw new IllegalArgumentException(
          "Expected an entry of at most "
              + EntryFrames.LARGEST_ENTRY
              + " bytes, but it has "
              + entry.length);
    }
    if (closed || failed.get()) {
      replica.proposalFailed(term, new LogException("Expected log " + id + " to be open"));
      return;
    }
    renewClient(term);
    List<ByteString> frames = EntryFrames.of(entry, ++series);
    Fate fate = new Fate(term);
    for (ByteString frame : frames) {
      byte[] whole = frames.size() == 1 ? entry : null;
      submit(new Proposal(term, frame, whole), fate);
      if (fate.isFailed()) {
        return; // A series with a gap can never be put together.
      }
    }
  }

  /**
   * Ratis remembers requests by client and call. A new client per term keeps a new leader's calls
   * from meeting an old one's; a new one after a failure frees what Ratis keeps about the failed.
   */
  private void renewClient(long term) {
    if (term != clientTerm || renewClient) {
      renewClient = false;
      clientTerm = term;
      client = ClientId.randomId();
      calls = 0;
    }
  }

  private void submit(Proposal proposal, Fate fate) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(division.getId())
            .setGroupId(group)
            .setCallId(++calls)
            .setMessage(proposal)
            .setType(RaftClientRequest.writeRequestType())
            .build();
    CompletableFuture<RaftClientReply> reply;
    try {
      reply = append(request);
    } catch (Exception refused) {
      fate.fail(refused);
      return;
    }
    CompletableFuture<RaftClientReply> unused = reply.whenComplete(fate);
  }

  /**
   * Appends on this thread. Ratis's division offers that; the server's own method takes two more
   * thread switches.
   */
  private CompletableFuture<RaftClientReply> append(RaftClientRequest request) throws Exception {
    if (division instanceof RaftClientAsynchronousProtocol direct) {
      return direct.submitClientRequestAsync(request);
    }
    return division.getRaftServer().submitClientRequestAsync(request);
  }

  /**
   * What becomes of one proposed entry; told to the replica at most once, and only if it failed.
   */
  private final class Fate implements BiConsumer<RaftClientReply, Throwable> {
    private final long term;
    private final AtomicBoolean told = new AtomicBoolean();

    private Fate(long term) {
      this.term = term;
    }

    private boolean isFailed() {
      return told.get();
    }

    @Override
    public void accept(RaftClientReply reply, Throwable thrown) {
      if (thrown != null) {
        fail(thrown);
      } else if (!reply.isSuccess()) {
        fail(reply.getException());
      }
    }

    private void fail(Throwable cause) {
      if (told.compareAndSet(false, true)) {
        renewClient = true;
        replica.proposalFailed(term, cause);
      }
    }
  }

  @Override
  public CompletableFuture<Boolean> stepDown() {
    if (closed || !division.getInfo().isLeader()) {
      return CompletableFuture.completedFuture(false);
    }
    // The peer that was heard last first: a dead one would only use up the time.
    Queue<RaftPeerId> candidates = new ArrayDeque<>();
    division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
        .sorted(Comparator.comparingLong(ServerRpcProto::getLastRpcElapsedTimeMs))
        .forEach(follower -> candidates.add(RaftPeerId.valueOf(follower.getId().getId())));
    return transfer(candidates);
  }

  private CompletableFuture<Boolean> transfer(Queue<RaftPeerId> candidates) {
    RaftPeerId next = candidates.poll();
    if (next == null) {
      return CompletableFuture.completedFuture(false);
    }
    return transfer(next)
        // Whoever waits longer than Ratis does may find that it happened after all.
        .thenApply(done -> done || !division.getInfo().isLeader())
        .thenCompose(done -> done ? CompletableFuture.completedFuture(true) : transfer(candidates));
  }

  /** Hands leadership to this peer; false when that did not happen in time. Any thread. */
  CompletableFuture<Boolean> transfer(RaftPeerId to) {
    try {
      return division
          .getRaftServer()
          .transferLeadershipAsync(
              new TransferLeadershipRequest(
                  ClientId.randomId(), division.getId(), group, 1, to, TRANSFER_TIMEOUT_MS))
          .handle((reply, thrown) -> thrown == null && reply.isSuccess());
    } catch (IOException refused) {
      LOG.warn("Leadership of log {} could not be handed over", id, refused);
      return CompletableFuture.completedFuture(false);
    }
  }

  /** The newest entry that the replica holds durably. Any thread. */
  long flushedIndex() {
    return replica.flushed().index();
  }

  /** Has Ratis ask now what need not be held any more, and not only after many more entries. */
  CompletableFuture<Void> cut() {
    if (closed || !(division.getStateMachine() instanceof RatisStateMachine machine)) {
      return CompletableFuture.failedFuture(new LogException("Expected log " + id + " to be open"));
    }
    machine.cutAtOnce();
    return division
        .getRaftServer()
        .snapshotManagementAsync(
            SnapshotManagementRequest.newCreate(
                ClientId.randomId(), division.getId(), group, 1, CUT_TIMEOUT_MS, 1))
        .thenAccept(reply -> {});
  }

  /** Closes this log for good, once, and says why. Any thread, also one of Ratis's own. */
  void fail(Throwable cause) {
    if (closed || !failed.compareAndSet(false, true)) {
      return;
    }
    if (cause instanceof LogPurgedException) {
      LOG.warn("Log {} is closed until it is opened again: {}", id, cause.getMessage());
    } else {
      LOG.error("Log {} is closed until it is opened again", id, cause);
    }
    node.closeLater(this);
    replica.failed(cause);
  }

  /** Waits until nothing of this log runs any more. Never on one of Ratis's threads. */
  @Override
  public void close() {
    closed = true;
    if (releasing.compareAndSet(false, true)) {
      try {
        node.release(this);
      } finally {
        released.complete(null);
      }
    }
    released.join();
  }

  boolean hasFailed() {
    return failed.get();
  }

  boolean isClosing() {
    return closed || failed.get();
  }

  /** Done once the files are free. */
  CompletableFuture<Void> released() {
    return released;
  }
}
