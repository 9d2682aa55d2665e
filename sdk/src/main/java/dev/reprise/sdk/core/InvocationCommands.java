package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.GetInvocationOutputCommandMessage;
import dev.reprise.api.protocol.Header;
import dev.reprise.api.protocol.IdempotentRequestTarget;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.WorkflowTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Other invocations: starting them, and asking for what became of them.
 *
 * <p>Confined to the attempt's thread.
 */
public final class InvocationCommands {
  private static final int SCOPES_SINCE = 7;

  private final ReplayMachine machine;
  private final Commands commands;

  InvocationCommands(ReplayMachine machine, Commands commands) {
    this.machine = machine;
    this.commands = commands;
  }

  /**
   * Whom to call.
   *
   * @param key empty for a service
   * @param scope where its limits count; since version 7
   * @param limitKey which limit of the scope counts; since version 7
   */
  public record Callee(
      String service,
      String key,
      String handler,
      @Nullable String idempotencyKey,
      Map<String, String> headers,
      @Nullable String scope,
      @Nullable String limitKey) {

    public static Callee of(String service, String key, String handler) {
      return new Callee(service, key, handler, null, Map.of(), null, null);
    }

    public Callee idempotencyKey(String idempotencyKey) {
      return new Callee(service, key, handler, idempotencyKey, headers, scope, limitKey);
    }
  }

  /** Which invocation is meant. */
  public sealed interface Target {
    record Id(String id) implements Target {}

    /** The one that was called with this idempotency key. */
    record Called(Callee callee) implements Target {}

    /** The {@code run} of a workflow. */
    record OfWorkflow(String workflow, String key, @Nullable String scope) implements Target {}
  }

  // ---- calls ----

  /** What a call answers: first the callee's id, then its outcome. */
  public record Call(Awaitable.Single invocationId, Awaitable.Single result) {}

  public Call call(Callee callee, ByteString parameter) {
    requireScopes(callee.scope(), callee.limitKey());
    var asked =
        CallCommandMessage.newBuilder()
            .setServiceName(callee.service())
            .setHandlerName(callee.handler())
            .setKey(callee.key())
            .setParameter(parameter)
            .addAllHeaders(headers(callee))
            .setInvocationIdNotificationIdx(commands.nextCompletion())
            .setResultCompletionId(commands.nextCompletion());
    if (callee.idempotencyKey() != null) {
      asked.setIdempotencyKey(callee.idempotencyKey());
    }
    if (callee.scope() != null) {
      asked.setScope(callee.scope());
    }
    if (callee.limitKey() != null) {
      asked.setLimitKey(callee.limitKey());
    }
    var call = (CallCommandMessage) machine.issue(MessageType.CALL, asked.build());
    Awaitable.Single invocationId = Commands.completion(call.getInvocationIdNotificationIdx());
    machine.cancellation().addCallee(invocationId);
    return new Call(invocationId, Commands.completion(call.getResultCompletionId()));
  }

  /** Resolves to the callee's id. */
  public Awaitable.Single send(Callee callee, ByteString parameter, Duration delay) {
    requireScopes(callee.scope(), callee.limitKey());
    var asked =
        OneWayCallCommandMessage.newBuilder()
            .setServiceName(callee.service())
            .setHandlerName(callee.handler())
            .setKey(callee.key())
            .setParameter(parameter)
            .addAllHeaders(headers(callee))
            .setInvokeTime(delay.isPositive() ? commands.dueIn(delay) : 0)
            .setInvocationIdNotificationIdx(commands.nextCompletion());
    if (callee.idempotencyKey() != null) {
      asked.setIdempotencyKey(callee.idempotencyKey());
    }
    if (callee.scope() != null) {
      asked.setScope(callee.scope());
    }
    if (callee.limitKey() != null) {
      asked.setLimitKey(callee.limitKey());
    }
    var call = (OneWayCallCommandMessage) machine.issue(MessageType.ONE_WAY_CALL, asked.build());
    return Commands.completion(call.getInvocationIdNotificationIdx());
  }

  private static List<Header> headers(Callee callee) {
    return callee.headers().entrySet().stream()
        .map(it -> Header.newBuilder().setKey(it.getKey()).setValue(it.getValue()).build())
        .toList();
  }

  private void requireScopes(@Nullable String scope, @Nullable String limitKey) {
    if (scope != null || limitKey != null) {
      commands.requireVersion(SCOPES_SINCE, "scopes and limit keys");
    }
  }

  // ---- outcomes ----

  /** Resolves to the outcome, when there is one. */
  public Awaitable.Single attach(Target target) {
    int id = commands.nextCompletion();
    var asked = AttachInvocationCommandMessage.newBuilder().setResultCompletionId(id);
    switch (target) {
      case Target.Id it -> asked.setInvocationId(it.id());
      case Target.Called it -> asked.setIdempotentRequestTarget(called(it.callee()));
      case Target.OfWorkflow it -> asked.setWorkflowTarget(workflow(it));
    }
    machine.issue(MessageType.ATTACH_INVOCATION, asked.build());
    return Commands.completion(id);
  }

  /** Resolves at once: to the outcome, or to nothing when there is none yet. */
  public Awaitable.Single output(Target target) {
    int id = commands.nextCompletion();
    var asked = GetInvocationOutputCommandMessage.newBuilder().setResultCompletionId(id);
    switch (target) {
      case Target.Id it -> asked.setInvocationId(it.id());
      case Target.Called it -> asked.setIdempotentRequestTarget(called(it.callee()));
      case Target.OfWorkflow it -> asked.setWorkflowTarget(workflow(it));
    }
    machine.issue(MessageType.GET_INVOCATION_OUTPUT, asked.build());
    return Commands.completion(id);
  }

  private IdempotentRequestTarget called(Callee callee) {
    if (callee.idempotencyKey() == null) {
      throw new IllegalArgumentException(
          "Expected an idempotency key, but the call of %s/%s has none"
              .formatted(callee.service(), callee.handler()));
    }
    requireScopes(callee.scope(), null);
    var called =
        IdempotentRequestTarget.newBuilder()
            .setServiceName(callee.service())
            .setHandlerName(callee.handler())
            .setIdempotencyKey(callee.idempotencyKey());
    if (!callee.key().isEmpty()) {
      called.setServiceKey(callee.key());
    }
    if (callee.scope() != null) {
      called.setScope(callee.scope());
    }
    return called.build();
  }

  private WorkflowTarget workflow(Target.OfWorkflow target) {
    requireScopes(target.scope(), null);
    var workflow =
        WorkflowTarget.newBuilder().setWorkflowName(target.workflow()).setWorkflowKey(target.key());
    if (target.scope() != null) {
      workflow.setScope(target.scope());
    }
    return workflow.build();
  }
}
