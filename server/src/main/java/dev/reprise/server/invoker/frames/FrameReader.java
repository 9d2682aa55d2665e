package dev.reprise.server.invoker.frames;

import static dev.reprise.server.invoker.frames.Parsing.parse;
import static dev.reprise.server.invoker.frames.Parsing.precondition;
import static dev.reprise.server.invoker.frames.Parsing.require;
import static dev.reprise.server.invoker.frames.Parsing.requireUtf8;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ClearAllStateCommandMessage;
import dev.reprise.api.protocol.ClearStateCommandMessage;
import dev.reprise.api.protocol.CompletePromiseCommandMessage;
import dev.reprise.api.protocol.EndMessage;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.GetEagerStateCommandMessage;
import dev.reprise.api.protocol.GetEagerStateKeysCommandMessage;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.GetLazyStateKeysCommandMessage;
import dev.reprise.api.protocol.GetPromiseCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.PeekPromiseCommandMessage;
import dev.reprise.api.protocol.ProposeRunCompletionMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;

/**
 * Turns one attempt's frames into statements, and refuses what may not be said: malformed, out of
 * place or not allowed to this handler. Every refusal is a {@link ProtocolViolation}. Confined to
 * its attempt's loop.
 */
public final class FrameReader {
  private final HandlerKind kind;
  private final Asker asker;
  private final int version;
  private final Callees callees;
  private final Addressees addressees;
  private final CompletionIds ids;
  private final AwaitingReader awaiting;
  private boolean output;

  /**
   * @param version of the protocol that is spoken
   */
  public FrameReader(
      HandlerKind kind,
      Asker asker,
      int version,
      Callees callees,
      Addressees addressees,
      CompletionIds ids) {
    this.kind = kind;
    this.asker = asker;
    this.version = version;
    this.callees = callees;
    this.addressees = addressees;
    this.ids = ids;
    this.awaiting = new AwaitingReader(ids);
  }

  /** An earlier attempt has journaled an output. */
  public void outputReplayed() {
    output = true;
  }

  /** Whether somebody waits for the answer to a journal command, or sees its effect. */
  public static boolean needsLog(int type) {
    return switch (type) {
      case MessageType.OUTPUT,
          MessageType.SET_STATE,
          MessageType.CLEAR_STATE,
          MessageType.CLEAR_ALL_STATE,
          MessageType.GET_EAGER_STATE,
          MessageType.GET_EAGER_STATE_KEYS,
          MessageType.RUN ->
          false;
      default -> true;
    };
  }

  /** A journal command. */
  public Statement command(int type, Bytes payload) {
    switch (type) {
      case MessageType.OUTPUT -> {
        var message = parse(OutputCommandMessage.parser(), type, payload);
        require(message.hasValue() || message.hasFailure(), type, "a result");
        output = true;
      }
      case MessageType.GET_EAGER_STATE -> {
        var message = parse(GetEagerStateCommandMessage.parser(), type, payload);
        readsState(type);
        requireUtf8(message.getKey(), type);
        require(message.hasVoid() || message.hasValue(), type, "a result");
      }
      case MessageType.GET_EAGER_STATE_KEYS -> {
        parse(GetEagerStateKeysCommandMessage.parser(), type, payload);
        readsState(type);
      }
      case MessageType.SET_STATE -> {
        var message = parse(SetStateCommandMessage.parser(), type, payload);
        writesState(type);
        requireUtf8(message.getKey(), type);
      }
      case MessageType.CLEAR_STATE -> {
        var message = parse(ClearStateCommandMessage.parser(), type, payload);
        writesState(type);
        requireUtf8(message.getKey(), type);
      }
      case MessageType.CLEAR_ALL_STATE -> {
        parse(ClearAllStateCommandMessage.parser(), type, payload);
        writesState(type);
      }
      case MessageType.GET_PROMISE, MessageType.PEEK_PROMISE, MessageType.COMPLETE_PROMISE ->
          promise(type, payload);
      case MessageType.SLEEP,
          MessageType.RUN,
          MessageType.GET_LAZY_STATE,
          MessageType.GET_LAZY_STATE_KEYS ->
          waited(type, payload);
      default -> {
        return addressed(type, payload);
      }
    }
    return new Statement.Journaled(type, payload);
  }

  /** Commands that speak to other invocations. */
  private Statement addressed(int type, Bytes payload) {
    return switch (type) {
      case MessageType.CALL -> callees.call(payload, ids, asker);
      case MessageType.ONE_WAY_CALL -> callees.oneWayCall(payload, ids);
      case MessageType.SEND_SIGNAL -> addressees.sendSignal(payload);
      case MessageType.COMPLETE_AWAKEABLE -> addressees.completeAwakeable(payload);
      case MessageType.ATTACH_INVOCATION -> asked(type, payload, addressees.attach(payload));
      case MessageType.GET_INVOCATION_OUTPUT -> asked(type, payload, addressees.getOutput(payload));
      case MessageType.INPUT ->
          throw new ProtocolViolation("Expected no Input from an endpoint, but got one");
      default ->
          throw new ProtocolViolation(
              "Expected a known journal command, but got " + MessageType.nameOf(type));
    };
  }

  private Statement asked(int type, Bytes payload, Addressees.Question question) {
    ids.give(question.completionId(), type);
    return addressees.attached(type, payload, question, asker.waiter(question.completionId()));
  }

  private void promise(int type, Bytes payload) {
    int completionId =
        switch (type) {
          case MessageType.GET_PROMISE ->
              parse(GetPromiseCommandMessage.parser(), type, payload).getResultCompletionId();
          case MessageType.PEEK_PROMISE ->
              parse(PeekPromiseCommandMessage.parser(), type, payload).getResultCompletionId();
          default -> {
            var message = parse(CompletePromiseCommandMessage.parser(), type, payload);
            boolean decided = message.hasCompletionValue() || message.hasCompletionFailure();
            require(decided, type, "a result");
            yield message.getResultCompletionId();
          }
        };
    boolean workflow = kind == HandlerKind.WORKFLOW_RUN || kind == HandlerKind.WORKFLOW_SHARED;
    precondition(workflow, type, "a workflow, for others have no promises");
    ids.give(completionId, type);
  }

  /** Commands that are answered by a completion. */
  private void waited(int type, Bytes payload) {
    switch (type) {
      case MessageType.SLEEP ->
          ids.give(
              parse(SleepCommandMessage.parser(), type, payload).getResultCompletionId(), type);
      case MessageType.RUN ->
          ids.give(parse(RunCommandMessage.parser(), type, payload).getResultCompletionId(), type);
      case MessageType.GET_LAZY_STATE -> {
        var message = parse(GetLazyStateCommandMessage.parser(), type, payload);
        readsState(type);
        requireUtf8(message.getKey(), type);
        ids.give(message.getResultCompletionId(), type);
      }
      case MessageType.GET_LAZY_STATE_KEYS -> {
        var message = parse(GetLazyStateKeysCommandMessage.parser(), type, payload);
        readsState(type);
        ids.give(message.getResultCompletionId(), type);
      }
      default -> throw new IllegalArgumentException("Expected a command that waits");
    }
  }

  /**
   * The result of a run step, as the notification that the journal will hold.
   *
   * @param asksForAck whether the frame asked to be acknowledged; before version 7 that meant
   *     nothing
   */
  public Statement.RunCompleted runCompleted(Bytes payload, boolean asksForAck) {
    int type = MessageType.PROPOSE_RUN_COMPLETION;
    var message = parse(ProposeRunCompletionMessage.parser(), type, payload);
    NotificationTemplate.Builder notification = NotificationTemplate.newBuilder();
    switch (message.getResultCase()) {
      case VALUE -> notification.setValue(Value.newBuilder().setContent(message.getValue()));
      case FAILURE -> notification.setFailure(message.getFailure());
      case RESULT_NOT_SET -> require(false, type, "a result");
    }
    int completionId = message.getResultCompletionId();
    ids.runProposed(completionId, asksForAck && version >= 7);
    byte[] stored = notification.setCompletionId(completionId).build().toByteArray();
    return new Statement.RunCompleted(completionId, Bytes.of(stored));
  }

  public Statement.Suspended suspended(Bytes payload) {
    return new Statement.Suspended(
        version >= 7 ? awaiting.suspension(payload) : awaiting.lists(payload));
  }

  /** What the endpoint waits for with its stream open. Advice: nothing follows from it. */
  public Awaiting awaitingOn(Bytes payload) {
    if (version < 7) {
      throw new ProtocolViolation(
          "Expected AwaitingOn from version 7 on only, but this is version " + version);
    }
    return awaiting.awaitingOn(payload);
  }

  public Statement.Ended ended(Bytes payload) {
    parse(EndMessage.parser(), MessageType.END, payload);
    if (!output) {
      throw new ProtocolViolation("Expected an Output before End, but there is none");
    }
    return new Statement.Ended();
  }

  /** Why the endpoint gives this attempt up. */
  public ErrorMessage failed(Bytes payload) {
    return parse(ErrorMessage.parser(), MessageType.ERROR, payload);
  }

  // ---- checks ----

  private void readsState(int type) {
    precondition(kind.keyed(), type, "a keyed service, for others have no state");
  }

  private void writesState(int type) {
    readsState(type);
    precondition(kind.writesState(), type, "no change of state by a shared handler");
  }
}
