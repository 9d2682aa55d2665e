package dev.reprise.server.internode;

import dev.reprise.api.internode.v1.Hello;
import dev.reprise.api.internode.v1.InternodeGrpc;
import dev.reprise.api.internode.v1.Questions;
import dev.reprise.api.internode.v1.Replies;
import dev.reprise.cluster.forwarding.OtherNodes.Heard;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The questions of one loop to one other node, over one stream at a time. When a stream breaks,
 * what was sent is of unknown fate, and what was not was never asked. Confined to the loop.
 */
final class NodeStream {
  private static final Logger logger = LoggerFactory.getLogger(NodeStream.class);
  private static final int MESSAGE_BYTES = 1 << 20;
  private static final int LONGEST_PAUSE_FACTOR = 20;

  private final String node;
  private final Loop loop;
  private final InternodeLimits limits;
  private final Supplier<@Nullable ManagedChannel> channels;
  private final Supplier<Hello> hello;
  private final Map<Long, Heard> waiting = new LinkedHashMap<>();
  private final Deque<dev.reprise.api.internode.v1.Question> unsent = new ArrayDeque<>();
  private final List<Long> takenBack = new ArrayList<>();
  private long unsentBytes;
  private long lastId;
  private @Nullable Open open;
  private int failures;
  private boolean pausing;
  private boolean flushDue;
  private boolean closed;

  /**
   * Opens nothing yet.
   *
   * @param node its name, for people
   * @param channels the way there; null while there is none
   * @param hello what a stream begins with
   */
  NodeStream(
      String node,
      Loop loop,
      InternodeLimits limits,
      Supplier<@Nullable ManagedChannel> channels,
      Supplier<Hello> hello) {
    this.node = node;
    this.loop = loop;
    this.limits = limits;
    this.channels = channels;
    this.hello = hello;
  }

  /** Asks; the reply comes once, on the loop. */
  Loop.Cancellable ask(int partition, Question question, Heard heard) {
    String refusal = refusal();
    if (refusal != null) {
      heard.hear(new Reply.NotDone(refusal), null);
      return () -> {};
    }
    long id = ++lastId;
    dev.reprise.api.internode.v1.Question message;
    try {
      message = QuestionMessages.write(id, partition, question);
    } catch (IllegalArgumentException e) {
      heard.hear(
          new Reply.NotDone("Expected a question that can be written down, but " + e.getMessage()),
          null);
      return () -> {};
    }
    waiting.put(id, heard);
    unsent.add(message);
    unsentBytes += message.getSerializedSize();
    flushLater();
    return () -> takeBack(id);
  }

  /** Why nothing can be asked now; null where it can. Opens a stream if there is none. */
  private @Nullable String refusal() {
    if (closed) {
      return "this node is being stopped";
    }
    if (pausing) {
      return node + " cannot be reached";
    }
    if (waiting.size() >= limits.questions() || unsentBytes >= limits.bytes()) {
      return "too much is on its way to " + node;
    }
    if (open == null) {
      ManagedChannel channel = channels.get();
      if (channel == null) {
        return node + " is not a member of this cluster, or its address is not known";
      }
      open = new Open(channel);
    }
    return null;
  }

  private void takeBack(long id) {
    if (waiting.remove(id) != null && !unsent.removeIf(it -> it.getId() == id)) {
      takenBack.add(id);
      flushLater();
    }
  }

  private void flushLater() {
    if (!flushDue) {
      flushDue = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    flushDue = false;
    Open stream = open;
    while (stream != null && stream.isReady() && !(unsent.isEmpty() && takenBack.isEmpty())) {
      stream.send(next());
    }
  }

  private Questions next() {
    Questions.Builder message = Questions.newBuilder().addAllTakenBack(takenBack);
    takenBack.clear();
    int bytes = 0;
    while (!unsent.isEmpty() && bytes < MESSAGE_BYTES) {
      dev.reprise.api.internode.v1.Question question = unsent.remove();
      bytes += question.getSerializedSize();
      unsentBytes -= question.getSerializedSize();
      message.addQuestions(question);
    }
    return message.build();
  }

  private void heard(Replies replies) {
    for (dev.reprise.api.internode.v1.Reply reply : replies.getRepliesList()) {
      Heard heard = waiting.remove(reply.getId());
      if (heard != null) {
        heard.hear(ReplyMessages.read(reply), ReplyMessages.leader(reply));
      }
    }
  }

  private void broken(Open stream, String why) {
    if (open != stream) {
      return;
    }
    open = null;
    stream.cancel(why);
    if (stream.wasHeard) {
      failures = 0;
      logger.info("the stream to {} broke: {}", node, why);
    }
    pauseAfterFailure();
    String reason = "the connection to " + node + " broke: " + why;
    Map<Long, Heard> left = new LinkedHashMap<>(waiting);
    unsent.forEach(it -> left.remove(it.getId()));
    List<Heard> neverAsked = new ArrayList<>();
    unsent.forEach(it -> neverAsked.add(waiting.get(it.getId())));
    waiting.clear();
    unsent.clear();
    unsentBytes = 0;
    takenBack.clear();
    left.values().forEach(it -> it.hear(new Reply.Unknown(reason), null));
    neverAsked.forEach(it -> it.hear(new Reply.NotDone(reason), null));
  }

  private void pauseAfterFailure() {
    pausing = true;
    int factor = Math.min(1 << Math.min(failures++, 10), LONGEST_PAUSE_FACTOR);
    loop.schedule(limits.pause().multipliedBy(factor), () -> pausing = false);
  }

  /** What waits is told that this node stops. */
  void close() {
    closed = true;
    Open stream = open;
    if (stream != null) {
      broken(stream, "this node is being stopped");
    }
  }

  /** A stream, from when it is asked for until it breaks. On the loop but where it says so. */
  private final class Open implements ClientResponseObserver<Questions, Replies> {
    private volatile @Nullable ClientCallStreamObserver<Questions> out;
    private long heardNanos = System.nanoTime();
    private long lookedNanos = heardNanos;
    private boolean wasHeard;

    Open(ManagedChannel channel) {
      channel.resetConnectBackoff();
      InternodeGrpc.newStub(channel).ask(this);
      send(Questions.newBuilder().setHello(hello.get()).build());
      watchLater();
    }

    boolean isReady() {
      ClientCallStreamObserver<Questions> stream = out;
      return stream != null && wasHeard && stream.isReady();
    }

    void send(Questions message) {
      ClientCallStreamObserver<Questions> stream = out;
      if (stream != null) {
        stream.onNext(message);
      }
    }

    void cancel(String why) {
      ClientCallStreamObserver<Questions> stream = out;
      if (stream != null) {
        stream.cancel(why, null);
      }
    }

    /** On the thread that asks for the stream. */
    @Override
    public void beforeStart(ClientCallStreamObserver<Questions> stream) {
      out = stream;
      stream.setOnReadyHandler(() -> loop.execute(NodeStream.this::flush));
    }

    /** On a thread of gRPC. */
    @Override
    public void onNext(Replies replies) {
      loop.execute(() -> said(replies));
    }

    private void said(Replies replies) {
      if (open == this) {
        heardNanos = System.nanoTime();
        boolean first = !wasHeard;
        wasHeard = true;
        heard(replies);
        if (first) {
          flushLater();
        }
      }
    }

    /** On a thread of gRPC. */
    @Override
    public void onError(Throwable cause) {
      loop.execute(() -> broken(this, String.valueOf(cause.getMessage())));
    }

    /** On a thread of gRPC. */
    @Override
    public void onCompleted() {
      loop.execute(() -> broken(this, "it was closed there"));
    }

    private void watchLater() {
      loop.schedule(limits.heartbeat(), this::watch);
    }

    /** A loop that itself stood still has heard nothing, and knows nothing. */
    private void watch() {
      if (open != this) {
        return;
      }
      long now = System.nanoTime();
      Duration since = Duration.ofNanos(now - lookedNanos);
      if (since.compareTo(limits.heartbeat().multipliedBy(3)) > 0) {
        heardNanos = now;
      }
      lookedNanos = now;
      if (now - heardNanos > limits.silence().toNanos()) {
        broken(this, "nothing was heard for " + limits.silence().toMillis() + " ms");
      } else {
        watchLater();
      }
    }
  }
}
