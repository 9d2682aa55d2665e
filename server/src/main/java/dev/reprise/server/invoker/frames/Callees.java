package dev.reprise.server.invoker.frames;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.Header;
import dev.reprise.api.protocol.InputCommandMessage;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Waiter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the invocations that handlers ask for. Any thread, if its generator is. */
public final class Callees {
  private final Supplier<Registry> registry;
  private final NewInvocations newInvocations;
  private final KeyRanges ranges;

  public Callees(Supplier<Registry> registry, NewInvocations newInvocations, KeyRanges ranges) {
    this.registry = registry;
    this.newInvocations = newInvocations;
    this.ranges = ranges;
  }

  Statement.Called call(Bytes payload, CompletionIds ids, Asker asker) {
    int type = MessageType.CALL;
    var message = Parsing.parse(CallCommandMessage.parser(), type, payload);
    requireIdempotencyKey(message.hasIdempotencyKey(), message.getIdempotencyKey(), type);
    ids.give(message.getInvocationIdNotificationIdx(), type);
    ids.give(message.getResultCompletionId(), type);
    return call(
        type,
        payload,
        message.getInvocationIdNotificationIdx(),
        new Target(
            message.getServiceName(),
            message.getHandlerName(),
            message.getKey(),
            message.getIdempotencyKey(),
            Limits.scope(type, message.hasScope(), message.getScope()),
            Limits.limitKey(
                type, message.hasLimitKey(), message.getLimitKey(), message.hasScope())),
        input(message.getHeadersList(), message.getParameter()),
        0,
        asker.waiter(message.getResultCompletionId()));
  }

  Statement.Called oneWayCall(Bytes payload, CompletionIds ids) {
    int type = MessageType.ONE_WAY_CALL;
    var message = Parsing.parse(OneWayCallCommandMessage.parser(), type, payload);
    requireIdempotencyKey(message.hasIdempotencyKey(), message.getIdempotencyKey(), type);
    ids.give(message.getInvocationIdNotificationIdx(), type);
    return call(
        type,
        payload,
        message.getInvocationIdNotificationIdx(),
        new Target(
            message.getServiceName(),
            message.getHandlerName(),
            message.getKey(),
            message.getIdempotencyKey(),
            Limits.scope(type, message.hasScope(), message.getScope()),
            Limits.limitKey(
                type, message.hasLimitKey(), message.getLimitKey(), message.hasScope())),
        input(message.getHeadersList(), message.getParameter()),
        // Unsigned on the wire: what is beyond our range is never.
        message.getInvokeTime() < 0 ? Long.MAX_VALUE : message.getInvokeTime(),
        null);
  }

  private static void requireIdempotencyKey(boolean has, String key, int type) {
    Parsing.precondition(!has || !key.isEmpty(), type, "an idempotency key that is not empty");
  }

  /** What a call names. */
  private record Target(
      String service,
      String handler,
      String key,
      String idempotencyKey,
      String scope,
      String limitKey) {}

  /**
   * The call as it is proposed.
   *
   * @param type of the frame
   * @param payload of the frame, kept as it is
   * @param idCompletion which completion tells the callee's id
   * @throws ProtocolViolation when nobody serves the target
   */
  private Statement.Called call(
      int type,
      Bytes payload,
      int idCompletion,
      Target target,
      Bytes input,
      long startAtMillis,
      @Nullable Waiter waiter) {
    ServiceRevision service = registry.get().service(target.service());
    if (service == null) {
      throw new ProtocolViolation(
          "RT0018", "Expected a service named '" + target.service() + "', but there is none");
    }
    HandlerRevision handler = service.handler(target.handler());
    if (handler == null) {
      throw new ProtocolViolation(
          "RT0018",
          "Expected service "
              + target.service()
              + " to have a handler '"
              + target.handler()
              + "', but it has none");
    }
    if (!handler.kind().keyed() && !target.key().isEmpty()) {
      throw new ProtocolViolation(
          "RT0017", "Expected no key for service " + target.service() + ", but got one");
    }
    if (!target.scope().isEmpty() && service.kind() == ServiceKind.VIRTUAL_OBJECT) {
      throw new ProtocolViolation(
          "RT0024",
          "Expected a service or a workflow in a scope, but '"
              + target.service()
              + "' is a virtual object");
    }
    NewInvocation callee =
        newInvocations.make(
            service,
            handler,
            target.key(),
            target.scope(),
            target.limitKey(),
            target.idempotencyKey(),
            input,
            startAtMillis,
            waiter);
    return new Statement.Called(
        type, payload, idCompletion, ranges.partitionOf(callee.id()), callee);
  }

  private static Bytes input(List<Header> headers, ByteString parameter) {
    return Bytes.of(
        InputCommandMessage.newBuilder()
            .addAllHeaders(headers)
            .setValue(Value.newBuilder().setContent(parameter))
            .build()
            .toByteArray());
  }
}
