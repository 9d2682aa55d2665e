package dev.reprise.server.invoker;

import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.server.endpoint.EndpointStream;
import dev.reprise.server.endpoint.ResponseHead;
import dev.reprise.server.endpoint.StreamFailure;
import dev.reprise.server.endpoint.StreamListener;
import dev.reprise.server.invoker.frames.Asker;
import dev.reprise.server.invoker.frames.CompletionIds;
import dev.reprise.server.invoker.frames.FrameReader;
import dev.reprise.server.invoker.frames.ProtocolViolation;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One execution of an invocation over one stream: tells the endpoint the journal, reads what it
 * says, proposes that, and hears what became of it. It is over when it has said its last word or
 * failed, and all that it proposed is answered. Confined to the partition's loop.
 *
 * <p>Longer than a file should be: it is where the stream, the log and the clock meet, and each of
 * their events needs the same few facts. What can stand alone does: {@link Intake}, {@link
 * Proposals}, {@link RequestBody}, {@link FrameReader}.
 */
final class Attempt implements StreamListener, Intake.Owner, RequestBody.Owner, Proposals.Answers {
  /** Neighbours in {@link AttemptList}, which alone touches these three. */
  @Nullable Attempt before;

  @Nullable Attempt after;
  boolean listed;

  private final EndpointInvoker invoker;
  private final Invokers node;
  private final Activation activation;
  private final Route route;
  private final boolean bidirectional;
  private final CompletionIds ids = new CompletionIds();
  private final FrameReader reader;
  private final MemoryShare memory;
  private final Intake intake;
  private final Proposals proposals;
  private @Nullable EndpointStream stream;
  private @Nullable RequestBody body;
  private @Nullable AttemptFailure failure;
  private @Nullable Awaiting awaiting;
  private long lastFrameMillis;
  private boolean headRead;
  private boolean askedToSuspend;
  private boolean waitsForRoom;
  private long waitsSinceMillis;
  private boolean lastWordRead;

  /** Nothing that comes is looked at any more. */
  private boolean silenced;

  private boolean streamGone;

  Attempt(
      EndpointInvoker invoker,
      Activation activation,
      AttemptId attemptId,
      Route route,
      MemoryShare memory) {
    this.invoker = invoker;
    this.node = invoker.node();
    this.activation = activation;
    this.route = route;
    this.bidirectional = !route.requestResponse();
    this.lastFrameMillis = invoker.nowMillis();
    this.memory = memory;
    this.intake = new Intake(this, memory);
    this.proposals = new Proposals(invoker, activation, attemptId, route, memory, this);
    Invocation invocation = activation.invocation();
    this.reader =
        new FrameReader(
            invocation.target().kind(),
            new Asker(invoker.partition(), invocation.id(), invocation.incarnation()),
            route.pin().protocolVersion(),
            node.callees(),
            node.addressees(),
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
    int version = route.pin().protocolVersion();
    body = new RequestBody(this, node, invoker.host(), opened, ids, version, memory);
    if (!bidirectional || askedToSuspend) {
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
    if (body != null) {
      body.answered();
    }
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
    if (silenced || proposals.lastWordProposed()) {
      intake.skip(data);
    } else if (!headRead) {
      violated(new ProtocolViolation("Expected a response head, but got a body"));
    } else {
      try {
        if (!intake.read(data)) {
          waitForRoom();
        }
      } catch (ProtocolViolation e) {
        violated(e);
      }
    }
    credit();
  }

  @Override
  public void readComplete() {
    if (!silenced && !proposals.turn()) {
      waitForRoom();
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
    if (intake.nothingWaits()) {
      responseOver();
    }
  }

  private void responseOver() {
    readComplete();
    if (!lastWordRead) {
      fail(AttemptFailure.of("RT0007", "The response ended without a last word", true));
    }
    settle();
  }

  @Override
  public void failed(StreamFailure why) {
    streamGone = true;
    if (!lastWordRead) {
      fail(AttemptFailure.broken(why));
    }
    readComplete();
    settle();
  }

  // ---- frames ----

  @Override
  public boolean blocked() {
    return !proposals.outboxHasRoom();
  }

  @Override
  public void frame(long header, Bytes payload) {
    if (silenced || proposals.lastWordProposed()) {
      return;
    }
    node.counters().frameRead();
    int type = MessageFraming.type(header);
    RequestBody telling = body;
    if (lastWordRead) {
      throw new ProtocolViolation(
          "Expected nothing after the last word, but got " + MessageType.nameOf(type));
    }
    if (telling == null || (!telling.isLive() && type != MessageType.ERROR)) {
      throw new ProtocolViolation(
          "Expected nothing before the replay is read, but got " + MessageType.nameOf(type));
    }
    awaiting = null;
    switch (type) {
      case MessageType.AWAITING_ON -> awaiting = reader.awaitingOn(payload);
      case MessageType.END -> lastWord(reader.ended(payload), telling);
      case MessageType.SUSPENSION -> lastWord(reader.suspended(payload), telling);
      case MessageType.ERROR -> {
        failure = AttemptFailure.said(reader.failed(payload));
        lastWordRead(telling);
        conclude();
      }
      case MessageType.PROPOSE_RUN_COMPLETION ->
          proposals.runCompleted(reader.runCompleted(payload, MessageFraming.requestsAck(header)));
      default -> {
        if (!MessageType.isCommand(type)) {
          throw new ProtocolViolation(
              "Expected a frame that an endpoint may send, but got " + MessageType.nameOf(type));
        }
        proposals.command(
            reader.command(type, payload),
            payload.length(),
            FrameReader.needsLog(type),
            MessageFraming.requestsAck(header));
      }
    }
  }

  private void lastWord(Statement statement, RequestBody telling) {
    proposals.lastWord(statement);
    lastWordRead(telling);
  }

  private void lastWordRead(RequestBody telling) {
    lastWordRead = true;
    telling.end();
    memory.close();
    invoker.lookAgainAt(silentUntil());
  }

  // ---- answers of the log ----

  @Override
  public void answered(Sayings.Batch batch, Result result) {
    if (!activation.isCurrent(this)) {
      return;
    }
    switch (result) {
      case Result.Done done -> durable(batch);
      case Result.Gap gap -> {
        String text =
            "Expected a journal of " + proposals.firstCommand() + " commands, but it has ";
        fail(AttemptFailure.of("RT0012", text + gap.commands(), false));
      }
      case Result.Rejected rejected -> {
        lastWordRead = false;
        violated(new ProtocolViolation("The log rejected this: " + rejected.reason()));
      }
      // Whoever it was about is gone, or parked, or has never been what we took it for.
      case Result.Stale stale -> forget();
      case Result.Requested requested -> forget();
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

  @Override
  public void violated(ProtocolViolation violation) {
    proposals.drop();
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
    proposals.propose();
    proposals.drop();
    reportFailure();
  }

  private void reportFailure() {
    AttemptFailure why = failure;
    if (why != null && proposals.allAnswered()) {
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
    proposals.drop();
    memory.close();
    streamGone = true;
    if (stream != null) {
      // Also where the response has ended: the request has not.
      stream.reset();
    }
    settle();
  }

  /** The epoch is over: no answer will come. */
  void abandon() {
    letGo();
    proposals.abandon();
  }

  /** Gives back what is held, once nothing can follow. */
  private void settle() {
    if (silenced) {
      intake.drop();
    }
    if (streamGone && listed && intake.nothingWaits() && proposals.nothingGathered()) {
      invoker.attempts().remove(this);
      intake.drop();
      if (body != null) {
        body.drop();
      }
    }
  }

  // ---- waiting ----

  private void waitForRoom() {
    if (!waitsForRoom) {
      waitsSinceMillis = invoker.nowMillis();
    }
    waitsForRoom = true;
    invoker.lookAgainAt(invoker.nowMillis() + EndpointInvoker.LOOK_AGAIN_MILLIS);
  }

  /** Goes on where the outbox or the node's memory was full. */
  private void goOn() {
    long since = waitsSinceMillis;
    waitsForRoom = false;
    try {
      if (!silenced && (!proposals.turn() || !intake.goOn())) {
        waitForRoom();
        waitsSinceMillis = since;
      }
    } catch (ProtocolViolation e) {
      violated(e);
    }
    readComplete();
    yieldAfter(since);
    if (streamGone && !waitsForRoom && !silenced) {
      responseOver();
    }
    credit();
    settle();
  }

  /** Whoever waits for memory in vain gives back what it has, and is begun again with enough. */
  private void yieldAfter(long sinceMillis) {
    long patience = node.options().memory().patience().toMillis();
    if (waitsForRoom && intake.wanted() > 0 && invoker.nowMillis() >= sinceMillis + patience) {
      noMemory(intake.wanted());
    }
  }

  private void credit() {
    if (stream != null && !waitsForRoom && !proposals.behind()) {
      intake.credit(stream);
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
    if (waitsForRoom) {
      goOn();
    } else if (nowMillis >= proposals.heldUntil()) {
      readComplete();
      settle();
    }
    if (nowMillis >= silentUntil()) {
      tooSilent();
    }
    if (!listed) {
      return Long.MAX_VALUE;
    }
    long room = waitsForRoom ? nowMillis + EndpointInvoker.LOOK_AGAIN_MILLIS : Long.MAX_VALUE;
    return Math.min(room, Math.min(silentUntil(), proposals.heldUntil()));
  }

  /** When its silence is too long, for what it is doing. */
  long silentUntil() {
    if (streamGone) {
      return Long.MAX_VALUE;
    }
    if (lastWordRead || silenced) {
      return lastFrameMillis + node.options().drain().toMillis();
    }
    return lastFrameMillis + (mayBeAsked() ? route.inactivityMillis() : route.abortMillis());
  }

  private boolean mayBeAsked() {
    return bidirectional && !askedToSuspend && body != null;
  }

  private void tooSilent() {
    if (lastWordRead || silenced) {
      if (proposals.nothingGathered()) {
        letGo();
      } else {
        lastFrameMillis = invoker.nowMillis();
      }
    } else if (mayBeAsked()) {
      askToSuspend();
    } else {
      String text = "Expected a frame within " + route.abortMillis() + " ms, but there was none";
      fail(AttemptFailure.of("RT0001", text, true));
    }
  }

  /** There is to be no attempt after this one: asks the endpoint to suspend, if it still can. */
  void leave() {
    if (bidirectional && !askedToSuspend && !lastWordRead && !silenced) {
      askToSuspend();
    }
  }

  /** The endpoint is asked to give the place up, as far as it can. */
  void askToSuspend() {
    askedToSuspend = true;
    lastFrameMillis = invoker.nowMillis();
    invoker.lookAgainAt(silentUntil());
    if (body != null) {
      body.end();
    }
  }

  /** Whether it seems to be waiting for something that only the server can bring. */
  boolean onlyWaits() {
    return mayBeAsked()
        && body != null
        && body.isLive()
        && !silenced
        && !lastWordRead
        && !waitsForRoom
        && proposals.allAnswered()
        && proposals.nothingGathered();
  }

  /** Whether user code seems to be in the middle of a step. */
  boolean runsSteps() {
    return ids.openRuns() > 0 && awaiting == null;
  }

  /** What the endpoint says it waits for; null where it has not said. */
  @Nullable Awaiting awaiting() {
    return awaiting;
  }

  boolean askedToSuspend() {
    return askedToSuspend && !lastWordRead && !silenced;
  }

  long lastFrameMillis() {
    return lastFrameMillis;
  }

  // ---- the request's body ----

  @Override
  public void begun(Invocation invocation) {
    proposals.startAt(invocation.progress().commands());
    if (invocation.progress().output() >= 0) {
      reader.outputReplayed();
    }
    activation.refreshed(invocation);
  }

  @Override
  public void live() {
    awake();
    invoker.lookAgainAt(silentUntil());
  }

  @Override
  public void unreadable(RuntimeException cause) {
    String text = "The journal could not be read: " + cause.getMessage();
    fail(AttemptFailure.of("RT0000", text, false));
  }

  @Override
  public void noMemory(long bytes) {
    activation.wants(bytes);
    fail(AttemptFailure.yielded());
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
