package dev.reprise.server.invoker;

import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.server.endpoint.EndpointStream;
import dev.reprise.server.endpoint.ResponseHead;
import dev.reprise.server.endpoint.StreamFailure;
import dev.reprise.server.endpoint.StreamListener;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution of an invocation over one stream: tells the endpoint the journal, reads what it
 * says, proposes that, and hears what became of it. It is over when it has said its last word or
 * failed, and all that it proposed is answered. Confined to the partition's loop.
 */
final class Attempt implements StreamListener, FrameDecoder.Sink, RequestBody.Owner {
  /** Neighbours in {@link AttemptList}, which alone touches these three. */
  @Nullable Attempt before;

  @Nullable Attempt after;
  boolean listed;

  private final EndpointInvoker invoker;
  private final Invokers node;
  private final Activation activation;
  private final AttemptId attemptId;
  private final Route route;
  private final boolean bidirectional;
  private final CompletionIds ids = new CompletionIds();
  private final FrameReader reader;
  private final FrameDecoder decoder = new FrameDecoder(this);
  private final Sayings sayings = new Sayings();
  private final ArrayDeque<ByteBuf> backlog = new ArrayDeque<>(0);
  private @Nullable EndpointStream stream;
  private @Nullable RequestBody body;
  private @Nullable AttemptFailure failure;
  private int firstCommand;
  private int unanswered;
  private long unansweredBytes;
  private int owedBytes;
  private long lastFrameMillis;
  private long heldSinceMillis = -1;
  private boolean headRead;
  private boolean askedToSuspend;
  private boolean starving;
  private boolean lastWordRead;
  private boolean lastWordProposed;
  private boolean silenced;
  private boolean streamGone;

  Attempt(EndpointInvoker invoker, Activation activation, AttemptId attemptId, Route route) {
    this.invoker = invoker;
    this.node = invoker.node();
    this.activation = activation;
    this.attemptId = attemptId;
    this.route = route;
    this.bidirectional = !route.requestResponse();
    this.lastFrameMillis = invoker.nowMillis();
    Invocation invocation = activation.invocation();
    this.reader =
        new FrameReader(
            invocation.target().kind(),
            invocation.id(),
            invocation.incarnation(),
            invoker.partition(),
            invoker.callees(),
            ids);
  }

  void begin() {
    stream = invoker.endpoints().open(route.request(activation.invocation()), this);
  }

  // ---- the stream's events ----

  @Override
  public void opened(EndpointStream opened) {
    stream = opened;
    awake();
    Invocation invocation = activation.invocation();
    body = new RequestBody(this, node, invoker.host(), opened, ids);
    if (!bidirectional) {
      body.end();
    }
    boolean eager =
        invocation.target().kind().keyed() && !route.lazyState() && node.options().eagerState();
    try {
      if (!body.begin(invocation, activation.takeInput(), eager)) {
        forget();
      }
    } catch (RuntimeException e) {
      unreadable(e);
    }
  }

  @Override
  public void head(ResponseHead head) {
    awake();
    if (headRead) {
      violated(new ProtocolViolation("Expected one response, but got a second head"));
    } else if (head.status() != 200) {
      fail(AttemptFailure.status(head));
    } else if (!route.contentType().equals(head.contentType())) {
      String text = "Expected content-type " + route.contentType() + ", but got ";
      violated(new ProtocolViolation(text + head.contentType()));
    }
    headRead = true;
  }

  @Override
  public void data(ByteBuf data) {
    awake();
    owedBytes += data.readableBytes();
    if (silenced || lastWordProposed) {
      credit();
      return;
    }
    if (!headRead) {
      violated(new ProtocolViolation("Expected a response head, but got a body"));
      return;
    }
    if (backlog.isEmpty() && decode(data)) {
      credit();
    } else if (!silenced) {
      starve();
      node.memory().take(data.readableBytes());
      backlog.add(data.readRetainedSlice(data.readableBytes()));
    }
  }

  private boolean decode(ByteBuf data) {
    try {
      return decoder.read(data);
    } catch (ProtocolViolation e) {
      violated(e);
      return true;
    }
  }

  @Override
  public void readComplete() {
    if (silenced || sayings.isEmpty()) {
      return;
    }
    if (sayings.urgent() || sayings.bytes() >= node.options().holdBytes()) {
      propose();
    } else if (heldSinceMillis < 0) {
      heldSinceMillis = invoker.nowMillis();
      invoker.lookAgainAt(heldSinceMillis + node.options().hold().toMillis());
    }
  }

  @Override
  public void writable() {
    if (body != null) {
      awake();
      body.writable();
    }
  }

  @Override
  public void ended() {
    streamGone = true;
    if (backlog.isEmpty()) {
      responseOver();
    }
  }

  private void responseOver() {
    readComplete();
    if (!lastWordRead) {
      fail(AttemptFailure.of("RT0007", "the response ended without a last word", true));
    }
    settle();
  }

  @Override
  public void failed(StreamFailure why) {
    streamGone = true;
    dropBacklog();
    readComplete();
    if (!lastWordRead) {
      fail(AttemptFailure.broken(why));
    }
    settle();
  }

  // ---- frames ----

  @Override
  public boolean blocked() {
    return !outboxHasRoom();
  }

  @Override
  public boolean reserve(int bytes) {
    return node.memory().tryTake(bytes);
  }

  @Override
  public void release(int bytes) {
    node.memory().give(bytes);
  }

  @Override
  public void frame(long header, Bytes payload) {
    if (silenced || lastWordProposed) {
      return;
    }
    node.counters().frameRead();
    int type = MessageFraming.type(header);
    if (lastWordRead) {
      throw new ProtocolViolation(
          "Expected nothing after the last word, but got " + MessageType.nameOf(type));
    }
    if (body == null || !body.isLive() && type != MessageType.ERROR) {
      throw new ProtocolViolation(
          "Expected nothing before the replay is read, but got " + MessageType.nameOf(type));
    }
    switch (type) {
      case MessageType.END -> lastWord(reader.ended(payload), body);
      case MessageType.SUSPENSION -> lastWord(reader.suspended(payload), body);
      case MessageType.ERROR -> {
        failure = reader.failed(payload);
        lastWordRead = true;
        body.end();
        conclude();
      }
      case MessageType.PROPOSE_RUN_COMPLETION -> {
        Statement.RunCompleted completed = reader.runCompleted(payload);
        sayings.add(completed, completed.notification().length(), false);
        sayings.hurry();
      }
      default -> command(header, type, payload);
    }
  }

  private void command(long header, int type, Bytes payload) {
    if (!MessageType.isCommand(type)) {
      throw new ProtocolViolation(
          "Expected a frame that an endpoint may send, but got " + MessageType.nameOf(type));
    }
    sayings.add(reader.command(type, payload), payload.length(), true);
    if (FrameReader.needsLog(type)) {
      sayings.hurry();
    }
    if (MessageFraming.requestsAck(header)) {
      sayings.acknowledge(firstCommand + sayings.commands() - 1);
    }
  }

  private void lastWord(Statement statement, RequestBody telling) {
    sayings.add(statement, 0, false);
    sayings.last();
    lastWordRead = true;
    telling.end();
  }

  // ---- proposals ----

  private boolean outboxHasRoom() {
    List<Integer> receivers = sayings.receivers();
    for (int i = 0; i < receivers.size(); i++) {
      if (!invoker.host().outboxHasRoom(receivers.get(i))) {
        return false;
      }
    }
    return true;
  }

  private void propose() {
    heldSinceMillis = -1;
    if (!outboxHasRoom()) {
      starve();
      return;
    }
    Sayings.Batch batch = sayings.take();
    Command.AttemptSaid said =
        new Command.AttemptSaid(
            activation.id(),
            activation.incarnation(),
            attemptId,
            firstCommand,
            route.pin(),
            batch.statements());
    firstCommand += batch.commands();
    unanswered++;
    unansweredBytes += batch.bytes();
    lastWordProposed = batch.terminal();
    node.memory().take(batch.bytes());
    node.counters().proposed(batch.statements().size());
    invoker.host().propose(said, result -> answered(batch, result));
  }

  private void answered(Sayings.Batch batch, Result result) {
    unanswered--;
    unansweredBytes -= batch.bytes();
    node.memory().give(batch.bytes());
    if (!activation.isCurrent(this)) {
      return;
    }
    switch (result) {
      case Result.Done done -> durable(batch);
      case Result.Gap gap -> {
        String text = "Expected a journal of " + firstCommand + " commands, but it has ";
        fail(AttemptFailure.of("RT0012", text + gap.commands(), false));
      }
      case Result.Rejected rejected ->
          violated(new ProtocolViolation("The log rejected this: " + rejected.reason()));
      // Whoever it was about is gone, or parked, or has never been what we took it for.
      case Result.Stale stale -> forget();
      case Result.Faulted faulted -> forget();
      case Result.Open open -> forget();
      case Result.Ended ended -> forget();
      case Result.Delivered delivered -> forget();
    }
    reportFailure();
    credit();
  }

  private void durable(Sayings.Batch batch) {
    awake();
    activation.durable(batch.commands(), route.pin());
    RequestBody telling = body;
    if (telling != null) {
      batch.acks().forEach(telling::commandAck);
    }
    if (batch.terminal()) {
      activation.over(this);
    }
  }

  // ---- failures and ends ----

  private void violated(ProtocolViolation violation) {
    sayings.clear();
    fail(AttemptFailure.violation(violation));
  }

  /** The attempt is over without a last word, and is to be followed by another. */
  private void fail(AttemptFailure why) {
    if (failure == null && !silenced) {
      failure = why;
      conclude();
      letGo();
    }
  }

  /** Nothing more is read; what was said before counts. */
  private void conclude() {
    silenced = true;
    if (!sayings.isEmpty() && outboxHasRoom()) {
      propose();
    }
    sayings.clear();
    reportFailure();
  }

  private void reportFailure() {
    AttemptFailure why = failure;
    if (why != null && unanswered == 0 && activation.isCurrent(this)) {
      activation.failed(this, why);
    }
  }

  /** There is nothing to run any more. */
  private void forget() {
    letGo();
    activation.over(this);
  }

  /** Resets the stream, if it is still there, and hears no more of it. */
  void letGo() {
    silenced = true;
    sayings.clear();
    if (stream != null && !streamGone) {
      streamGone = true;
      stream.reset();
    }
    settle();
  }

  /** The epoch is over: no answer will come. */
  void abandon() {
    letGo();
    node.memory().give(unansweredBytes);
    unansweredBytes = 0;
  }

  private void settle() {
    if (silenced) {
      dropBacklog();
    }
    if (streamGone && backlog.isEmpty() && sayings.isEmpty() && listed) {
      invoker.attempts().remove(this);
      if (body != null) {
        body.drop();
      }
      node.memory().give(decoder.reservedBytes());
    }
  }

  private void dropBacklog() {
    for (ByteBuf each : backlog) {
      node.memory().give(each.readableBytes());
      each.release();
    }
    backlog.clear();
  }

  // ---- waiting ----

  private void starve() {
    starving = true;
    invoker.lookAgainAt(invoker.nowMillis() + EndpointInvoker.LOOK_AGAIN_MILLIS);
  }

  /** Goes on where the outbox or the node's memory was full. */
  private void goOn() {
    starving = false;
    while (!backlog.isEmpty() && !silenced && !starving) {
      ByteBuf next = backlog.element();
      int before = next.readableBytes();
      boolean whole = decode(next);
      node.memory().give(before - next.readableBytes());
      if (!whole) {
        starve();
      } else if (!backlog.isEmpty()) {
        backlog.remove();
        node.memory().give(next.readableBytes());
        next.release();
      }
    }
    readComplete();
    if (!starving && streamGone && !silenced) {
      responseOver();
    }
    credit();
    settle();
  }

  private void credit() {
    long inFlight = unansweredBytes + sayings.bytes();
    if (stream != null
        && owedBytes > 0
        && !starving
        && inFlight <= node.options().unansweredBytes()) {
      stream.consumed(owedBytes);
      owedBytes = 0;
    }
  }

  private void awake() {
    lastFrameMillis = invoker.nowMillis();
    invoker.attempts().awake(this);
  }

  /**
   * Does what is due by now.
   *
   * @return when to look again
   */
  long check(long nowMillis) {
    if (starving) {
      goOn();
    }
    if (heldSinceMillis >= 0 && nowMillis >= heldUntil()) {
      propose();
      settle();
    }
    if (nowMillis >= silentUntil()) {
      tooSilent();
    }
    long next = listed ? silentUntil() : Long.MAX_VALUE;
    if (starving) {
      next = Math.min(next, nowMillis + EndpointInvoker.LOOK_AGAIN_MILLIS);
    }
    return heldSinceMillis >= 0 ? Math.min(next, heldUntil()) : next;
  }

  private long heldUntil() {
    return heldSinceMillis + node.options().hold().toMillis();
  }

  long silentUntil() {
    if (streamGone) {
      return Long.MAX_VALUE;
    }
    if (lastWordRead || silenced) {
      return lastFrameMillis + node.options().drain().toMillis();
    }
    boolean mayStillAsk = bidirectional && !askedToSuspend && body != null;
    return lastFrameMillis + (mayStillAsk ? route.inactivityMillis() : route.abortMillis());
  }

  private void tooSilent() {
    if (lastWordRead || silenced) {
      if (lastWordProposed || silenced) {
        letGo();
      }
    } else if (bidirectional && !askedToSuspend && body != null) {
      askToSuspend();
    } else {
      String text = "Expected a frame within " + route.abortMillis() + " ms, but there was none";
      fail(AttemptFailure.of("RT0001", text, true));
    }
  }

  /** The endpoint is asked to give the place up, as far as it can. */
  void askToSuspend() {
    askedToSuspend = true;
    lastFrameMillis = invoker.nowMillis();
    if (body != null) {
      body.end();
    }
  }

  /** Whether it seems to be waiting for something that only the server can bring. */
  boolean onlyWaits() {
    return bidirectional
        && body != null
        && body.isLive()
        && !askedToSuspend
        && !silenced
        && !lastWordRead
        && !starving
        && unanswered == 0
        && sayings.isEmpty();
  }

  boolean askedToSuspend() {
    return askedToSuspend;
  }

  long lastFrameMillis() {
    return lastFrameMillis;
  }

  // ---- the request's body ----

  @Override
  public void begun(Invocation invocation) {
    firstCommand = invocation.progress().commands();
    if (invocation.progress().output() >= 0) {
      reader.outputReplayed();
    }
    activation.refreshed(invocation);
  }

  @Override
  public void replaying(JournalEntry entry) {
    if (entry.type() == MessageType.OUTPUT) {
      reader.outputReplayed();
    }
  }

  @Override
  public void live() {
    awake();
  }

  @Override
  public void unreadable(RuntimeException cause) {
    fail(
        AttemptFailure.of("RT0000", "The journal could not be read: " + cause.getMessage(), false));
  }

  @Override
  public int retries() {
    return activation.retries();
  }

  @Override
  public void afterReading() {
    invoker.endpoints().flush();
  }

  /** A notification stands in the journal. */
  void notification(int index, JournalEntry entry) {
    if (body != null) {
      awake();
      body.notification(index, entry);
    }
  }
}
