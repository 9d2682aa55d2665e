package dev.reprise.server.invoker.frames;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.CompleteAwakeableCommandMessage;
import dev.reprise.api.protocol.Failure;
import dev.reprise.api.protocol.FailureMetadata;
import dev.reprise.api.protocol.GetInvocationOutputCommandMessage;
import dev.reprise.api.protocol.IdempotentRequestTarget;
import dev.reprise.api.protocol.SendSignalCommandMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.api.protocol.WorkflowTarget;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.routing.AwakeableId;
import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.Waiter;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads the frames that speak to invocations which are there already, and finds out which those
 * are. Whether they exist is for their partition to say. Any thread.
 */
public final class Addressees {
  private final Supplier<Registry> registry;
  private final KeyRanges ranges;

  public Addressees(Supplier<Registry> registry, KeyRanges ranges) {
    this.registry = registry;
    this.ranges = ranges;
  }

  // ---- signals ----

  Statement.Signaled sendSignal(Bytes payload) {
    int type = MessageType.SEND_SIGNAL;
    var message = Parsing.parse(SendSignalCommandMessage.parser(), type, payload);
    InvocationId target = invocation(type, message.getTargetInvocationId());
    SignalId id =
        switch (message.getSignalIdCase()) {
          case IDX -> {
            Parsing.require(message.getIdx() != 0, type, "a signal from 1 on");
            yield new SignalId.Index(message.getIdx());
          }
          case NAME -> {
            Parsing.require(!message.getName().isEmpty(), type, "a signal's name");
            yield new SignalId.Name(message.getName());
          }
          case SIGNALID_NOT_SET ->
              throw new ProtocolViolation("SendSignal: Expected a signal, but there is none");
        };
    Outcome outcome =
        switch (message.getResultCase()) {
          case VOID -> null;
          case VALUE -> success(message.getValue());
          case FAILURE -> failure(message.getFailure());
          case RESULT_NOT_SET ->
              throw new ProtocolViolation("SendSignal: Expected a result, but there is none");
        };
    Signal signal = id.equals(SignalId.CANCEL) ? Signal.CANCEL : new Signal(id, outcome);
    return new Statement.Signaled(type, payload, ranges.partitionOf(target), target, signal);
  }

  Statement.Signaled completeAwakeable(Bytes payload) {
    int type = MessageType.COMPLETE_AWAKEABLE;
    var message = Parsing.parse(CompleteAwakeableCommandMessage.parser(), type, payload);
    AwakeableId awakeable = parsed(type, message.getAwakeableId(), AwakeableId::parse);
    Parsing.precondition(
        Integer.compareUnsigned(awakeable.index(), SignalId.FIRST_AWAKEABLE) >= 0,
        type,
        "an awakeable's signal from " + SignalId.FIRST_AWAKEABLE + " on");
    Outcome outcome =
        switch (message.getResultCase()) {
          case VALUE -> success(message.getValue());
          case FAILURE -> failure(message.getFailure());
          case RESULT_NOT_SET ->
              throw new ProtocolViolation(
                  "CompleteAwakeable: Expected a result, but there is none");
        };
    InvocationId target = awakeable.invocation();
    Signal signal = new Signal(new SignalId.Index(awakeable.index()), outcome);
    return new Statement.Signaled(type, payload, ranges.partitionOf(target), target, signal);
  }

  // ---- outcomes ----

  /** What an attach or a get-output asks for. */
  record Question(int completionId, InvocationId target) {}

  Question attach(Bytes payload) {
    int type = MessageType.ATTACH_INVOCATION;
    var message = Parsing.parse(AttachInvocationCommandMessage.parser(), type, payload);
    InvocationId target =
        switch (message.getTargetCase()) {
          case INVOCATION_ID -> invocation(type, message.getInvocationId());
          case IDEMPOTENT_REQUEST_TARGET -> request(type, message.getIdempotentRequestTarget());
          case WORKFLOW_TARGET -> workflow(type, message.getWorkflowTarget());
          case TARGET_NOT_SET -> throw noTarget(type);
        };
    return new Question(message.getResultCompletionId(), target);
  }

  Question getOutput(Bytes payload) {
    int type = MessageType.GET_INVOCATION_OUTPUT;
    var message = Parsing.parse(GetInvocationOutputCommandMessage.parser(), type, payload);
    InvocationId target =
        switch (message.getTargetCase()) {
          case INVOCATION_ID -> invocation(type, message.getInvocationId());
          case IDEMPOTENT_REQUEST_TARGET -> request(type, message.getIdempotentRequestTarget());
          case WORKFLOW_TARGET -> workflow(type, message.getWorkflowTarget());
          case TARGET_NOT_SET -> throw noTarget(type);
        };
    return new Question(message.getResultCompletionId(), target);
  }

  Statement.Attached attached(int type, Bytes payload, Question question, Waiter waiter) {
    InvocationId target = question.target();
    return new Statement.Attached(type, payload, ranges.partitionOf(target), target, waiter);
  }

  private static ProtocolViolation noTarget(int type) {
    return new ProtocolViolation(
        MessageType.nameOf(type) + ": Expected an invocation, but it names none");
  }

  /** Works out the id of a request from its names, as whoever made it has. */
  private InvocationId request(int type, IdempotentRequestTarget target) {
    String scope = Limits.scope(type, target.hasScope(), target.getScope());
    Parsing.precondition(
        !target.getIdempotencyKey().isEmpty(), type, "an idempotency key that is not empty");
    ServiceRevision service = registry.get().service(target.getServiceName());
    HandlerRevision handler = service == null ? null : service.handler(target.getHandlerName());
    // Without a handler by that name nobody can have made the request: any id will not be found.
    HandlerKind kind =
        handler != null
            ? handler.kind()
            : target.hasServiceKey() ? HandlerKind.EXCLUSIVE : HandlerKind.PLAIN;
    Parsing.precondition(
        kind.keyed() || target.getServiceKey().isEmpty(),
        type,
        "no key for service " + target.getServiceName());
    return InvocationIds.named(
        new InvocationTarget(
            target.getServiceName(), target.getServiceKey(), target.getHandlerName(), kind, scope),
        target.getIdempotencyKey());
  }

  private static InvocationId workflow(int type, WorkflowTarget target) {
    String scope = Limits.scope(type, target.hasScope(), target.getScope());
    return InvocationIds.named(
        new InvocationTarget(
            target.getWorkflowName(), target.getWorkflowKey(), "", HandlerKind.WORKFLOW_RUN, scope),
        "");
  }

  // ---- parts ----

  private static InvocationId invocation(int type, String text) {
    return parsed(type, text, InvocationId::parse);
  }

  private static <T> T parsed(int type, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new ProtocolViolation("RT0017", MessageType.nameOf(type) + ": " + e.getMessage());
    }
  }

  private static Outcome success(Value value) {
    return new Outcome.Success(Bytes.of(value.getContent().toByteArray()));
  }

  private static Outcome failure(Failure failure) {
    Map<String, String> metadata = new TreeMap<>();
    for (FailureMetadata each : failure.getMetadataList()) {
      metadata.put(each.getKey(), each.getValue());
    }
    return new Outcome.Failure(failure.getCode(), failure.getMessage(), metadata);
  }
}
