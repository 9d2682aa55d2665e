package dev.reprise.server.internode;

import dev.reprise.api.internode.v1.Hello;
import dev.reprise.api.internode.v1.Questions;
import dev.reprise.api.internode.v1.Replies;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The questions of one loop of another node, and the replies to them. Messages come on a thread of
 * gRPC, replies on the partitions' loops; both meet under one lock, and nobody waits under it.
 */
final class AskedStream implements StreamObserver<Questions> {
  private static final Logger logger = LoggerFactory.getLogger(AskedStream.class);
  private static final int MESSAGE_BYTES = 1 << 20;

  private final ServerCallStreamObserver<Replies> out;
  private final PartitionRouter router;
  private final Membership membership;
  private final IntFunction<? extends Loop> loops;
  private final InternodeLimits limits;
  private final Consumer<AskedStream> ended;

  /** Guarded by this, as all below. Those that may wait for long. */
  private final Map<Long, Loop.Cancellable> waiting = new HashMap<>();

  private final Deque<dev.reprise.api.internode.v1.Reply> unsent = new ArrayDeque<>();
  private long unsentBytes;
  private boolean flushDue;
  private boolean said;
  private boolean greeted;
  private boolean over;

  /**
   * A stream that begins.
   *
   * @param ended told when it is over, perhaps twice
   */
  AskedStream(
      ServerCallStreamObserver<Replies> out,
      PartitionRouter router,
      Membership membership,
      IntFunction<? extends Loop> loops,
      InternodeLimits limits,
      Consumer<AskedStream> ended) {
    this.out = out;
    this.ended = ended;
    this.router = router;
    this.membership = membership;
    this.loops = loops;
    this.limits = limits;
    out.setOnReadyHandler(this::flush);
    out.setOnCancelHandler(this::end);
  }

  @Override
  public void onNext(Questions message) {
    if (!greeted) {
      String refusal = refusal(message.getHello());
      if (refusal != null) {
        refuse(Status.FAILED_PRECONDITION.withDescription(refusal));
        return;
      }
      greeted = true;
      beat();
    }
    message.getQuestionsList().forEach(this::ask);
    message.getTakenBackList().forEach(this::takeBack);
  }

  private @Nullable String refusal(Hello hello) {
    String ours = membership.view().fingerprint();
    if (!ours.equals(hello.getClusterFingerprint())) {
      return "Expected a node of cluster "
          + ours
          + ", but it is of "
          + hello.getClusterFingerprint();
    }
    int self = membership.self().number();
    return hello.getToNode() == self
        ? null
        : "Expected questions to node N" + self + ", but they are for N" + hello.getToNode();
  }

  private void ask(dev.reprise.api.internode.v1.Question message) {
    long id = message.getId();
    Question question;
    try {
      question = QuestionMessages.read(message);
    } catch (RuntimeException e) {
      reply(id, message.getPartition(), new Reply.NotDone(String.valueOf(e.getMessage())), null);
      return;
    }
    boolean mayWait = question instanceof Question.Call || question instanceof Question.Attach;
    Taken taken = new Taken();
    if (mayWait && !keep(id, taken)) {
      return;
    }
    taken.wait =
        router.serve(
            message.getPartition(),
            question,
            (reply, leader) -> {
              if (mayWait) {
                forget(id);
              }
              reply(id, message.getPartition(), reply, leader);
            });
  }

  /** What takes a question back; known a moment after it was asked, on the same thread. */
  private static final class Taken implements Loop.Cancellable {
    private volatile Loop.Cancellable wait = () -> {};

    @Override
    public void cancel() {
      wait.cancel();
    }
  }

  private boolean keep(long id, Loop.Cancellable taken) {
    synchronized (this) {
      if (!over && waiting.size() <= limits.questions()) {
        waiting.put(id, taken);
        return true;
      }
    }
    refuse(Status.RESOURCE_EXHAUSTED.withDescription("Expected fewer questions at a time"));
    return false;
  }

  private synchronized @Nullable Object forget(long id) {
    return waiting.remove(id);
  }

  private void takeBack(long id) {
    Loop.Cancellable wait;
    synchronized (this) {
      wait = waiting.remove(id);
    }
    if (wait != null) {
      wait.cancel();
    }
  }

  private void reply(long id, int partition, Reply reply, @Nullable NodeId leader) {
    dev.reprise.api.internode.v1.Reply message = ReplyMessages.write(id, reply, leader);
    boolean flush;
    boolean tooMuch;
    synchronized (this) {
      if (over) {
        return;
      }
      unsent.add(message);
      unsentBytes += message.getSerializedSize();
      tooMuch = unsentBytes - message.getSerializedSize() > limits.bytes();
      flush = !flushDue;
      flushDue = true;
    }
    if (tooMuch) {
      refuse(Status.RESOURCE_EXHAUSTED.withDescription("Expected replies to be read faster"));
    } else if (flush) {
      // What one turn of the loop replies leaves together.
      loops.apply(Math.max(0, partition)).execute(this::flush);
    }
  }

  private synchronized void flush() {
    flushDue = false;
    while (!over && !unsent.isEmpty() && out.isReady()) {
      Replies.Builder message = Replies.newBuilder();
      int bytes = 0;
      while (!unsent.isEmpty() && bytes < MESSAGE_BYTES) {
        dev.reprise.api.internode.v1.Reply reply = unsent.remove();
        bytes += reply.getSerializedSize();
        unsentBytes -= reply.getSerializedSize();
        message.addReplies(reply);
      }
      said = true;
      out.onNext(message.build());
    }
  }

  /** Says something, unless something was said since. */
  private synchronized void beat() {
    if (over) {
      return;
    }
    if (!said) {
      out.onNext(Replies.getDefaultInstance());
    }
    said = false;
    loops.apply(0).schedule(limits.heartbeat(), this::beat);
  }

  /** Ends the stream. Any thread. */
  void refuse(Status status) {
    logger.info("a stream of another node is closed: {}", status.getDescription());
    synchronized (this) {
      if (over) {
        return;
      }
      out.onError(status.asRuntimeException());
    }
    end();
  }

  /** Nobody waits any more. */
  private void end() {
    List<Loop.Cancellable> left;
    synchronized (this) {
      over = true;
      left = new ArrayList<>(waiting.values());
      waiting.clear();
      unsent.clear();
      unsentBytes = 0;
    }
    left.forEach(Loop.Cancellable::cancel);
    ended.accept(this);
  }

  @Override
  public void onError(Throwable cause) {
    end();
  }

  @Override
  public void onCompleted() {
    end();
    out.onCompleted();
  }
}
