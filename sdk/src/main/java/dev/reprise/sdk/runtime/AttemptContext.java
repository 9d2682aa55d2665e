package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.Header;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.sdk.Awakeable;
import dev.reprise.sdk.CallFuture;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.InvocationHandle;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Output;
import dev.reprise.sdk.Remote;
import dev.reprise.sdk.RetryPolicy;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.Awaitable.Rule;
import dev.reprise.sdk.core.Commands;
import dev.reprise.sdk.core.InvocationCommands;
import dev.reprise.sdk.core.NotificationResult;
import dev.reprise.sdk.core.SeededRandom;
import dev.reprise.sdk.core.SignalCommands;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The context that a handler of a service gets. Confined to the attempt's thread. */
class AttemptContext implements Context {
  private final Attempt attempt;
  private @Nullable SeededRandom random;

  AttemptContext(Attempt attempt) {
    this.attempt = attempt;
  }

  static AttemptContext of(Attempt attempt, HandlerCall call) {
    return switch (call.handler().kind()) {
      case PLAIN -> new AttemptContext(attempt);
      case SHARED ->
          call.service().kind() == ServiceDefinition.Kind.WORKFLOW
              ? new SharedWorkflowAttemptContext(attempt)
              : new SharedAttemptContext(attempt);
      case EXCLUSIVE -> new ObjectAttemptContext(attempt);
      case WORKFLOW -> new WorkflowAttemptContext(attempt);
    };
  }

  final Attempt attempt() {
    return attempt;
  }

  private Commands commands() {
    return attempt.machine().commands();
  }

  @Override
  public String invocationId() {
    return attempt.machine().start().getDebugId();
  }

  @Override
  public Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    for (Header header : attempt.machine().input().getHeadersList()) {
      headers.merge(
          header.getKey().toLowerCase(Locale.ROOT),
          header.getValue(),
          (one, other) -> one + ", " + other);
    }
    return Collections.unmodifiableMap(headers);
  }

  @Override
  public Optional<String> idempotencyKey() {
    StartMessage start = attempt.machine().start();
    return start.hasIdempotencyKey() ? Optional.of(start.getIdempotencyKey()) : Optional.empty();
  }

  @Override
  public Optional<String> scope() {
    StartMessage start = attempt.machine().start();
    return start.hasScope() ? Optional.of(start.getScope()) : Optional.empty();
  }

  @Override
  public Optional<String> limitKey() {
    StartMessage start = attempt.machine().start();
    return start.hasLimitKey() ? Optional.of(start.getLimitKey()) : Optional.empty();
  }

  // ---- steps ----

  @Override
  public void run(String name, RetryPolicy policy, VoidStep step) {
    var run =
        attempt
            .steps()
            .here(
                name,
                policy,
                () -> {
                  step.execute();
                  return ByteString.EMPTY;
                });
    AttemptFuture.of(attempt, run, Void.class).await();
  }

  @Override
  public <T> T run(String name, TypeRef<T> type, RetryPolicy policy, Step<T> step) {
    var run = attempt.steps().here(name, policy, () -> encode(step.execute(), type.type()));
    return AttemptFuture.<T>of(attempt, run, type.type()).await();
  }

  @Override
  public <T> DurableFuture<T> runAsync(
      String name, TypeRef<T> type, RetryPolicy policy, Step<T> step) {
    var run = attempt.steps().aside(name, policy, () -> encode(step.execute(), type.type()));
    attempt.written();
    return AttemptFuture.of(attempt, run, type.type());
  }

  private ByteString encode(@Nullable Object value, Type type) {
    return Codec.isVoid(type) ? ByteString.EMPTY : attempt.codec().encode(value);
  }

  // ---- time and chance ----

  @Override
  public DurableFuture<Void> timer(String name, Duration duration) {
    return future(commands().sleep(name, duration), Void.class);
  }

  private <T> DurableFuture<T> future(Awaitable.Single single, Type type) {
    attempt.written();
    return AttemptFuture.of(attempt, single, type);
  }

  @Override
  public RandomGenerator random() {
    return seededRandom();
  }

  @Override
  public UUID randomUuid() {
    return seededRandom().nextUuid();
  }

  private SeededRandom seededRandom() {
    Commands commands = commands();
    if (random == null) {
      random = new SeededRandom(commands.randomSeed());
    }
    return random;
  }

  // ---- other services ----

  @Override
  public <S> S client(Class<S> object, String key) {
    return RemoteClient.blocking(this, object, key);
  }

  @Override
  public <S> Remote<S> remote(Class<S> object, String key) {
    return RemoteClient.of(this, object, key);
  }

  @Override
  public <T> CallFuture<T> callAsync(Target target, @Nullable Object input, TypeRef<T> type) {
    return callAsync(target, input, type.type());
  }

  <T> CallFuture<T> callAsync(Target target, @Nullable Object input, Type type) {
    InvocationCommands.Call call =
        commands().invocations().call(callee(target), attempt.codec().encodeInput(input));
    attempt.written();
    return new AttemptFuture.OfCall<>(attempt, call, type);
  }

  @Override
  public InvocationHandle send(Target target, @Nullable Object input, Duration delay) {
    Awaitable.Single id =
        commands().invocations().send(callee(target), attempt.codec().encodeInput(input), delay);
    attempt.written();
    return new SentInvocation(attempt, id);
  }

  private static InvocationCommands.Callee callee(Target target) {
    return new InvocationCommands.Callee(
        target.service(),
        target.key(),
        target.handler(),
        target.idempotencyKey(),
        target.headers(),
        target.scope(),
        target.limitKey());
  }

  private static InvocationCommands.Target target(InvocationRef invocation) {
    return switch (invocation) {
      case InvocationRef.Id it -> new InvocationCommands.Target.Id(it.invocationId());
      case InvocationRef.Called it -> new InvocationCommands.Target.Called(callee(it.target()));
      case InvocationRef.OfWorkflow it ->
          new InvocationCommands.Target.OfWorkflow(it.workflow(), it.key(), it.scope());
    };
  }

  @Override
  public <T> DurableFuture<T> attach(InvocationRef invocation, TypeRef<T> type) {
    return AttemptFuture.attach(attempt, target(invocation), type.type());
  }

  @Override
  public <T> DurableFuture<Output<T>> output(InvocationRef invocation, TypeRef<T> type) {
    return AttemptFuture.output(attempt, target(invocation), type.type());
  }

  @Override
  public InvocationHandle invocation(String invocationId) {
    return new SentInvocation(
        attempt, Awaitable.Single.known(new NotificationResult.InvocationId(invocationId)));
  }

  // ---- signals ----

  @Override
  public <T> Awakeable<T> awakeable(TypeRef<T> type) {
    SignalCommands.NewAwakeable created = commands().signals().awakeable();
    return new AttemptFuture.WithId<>(attempt, created.id(), created.result(), type.type());
  }

  @Override
  public void resolveAwakeable(String id, @Nullable Object value) {
    commands().signals().resolveAwakeable(id, attempt.codec().encodeInput(value));
    attempt.written();
  }

  @Override
  public void rejectAwakeable(String id, TerminalException failure) {
    commands().signals().rejectAwakeable(id, Errors.failed(failure));
    attempt.written();
  }

  @Override
  public <T> DurableFuture<T> signal(String name, TypeRef<T> type) {
    return future(commands().signals().named(name), type.type());
  }

  @Override
  public DurableFuture<Void> cancellation() {
    return future(commands().signals().cancellation(), Void.class);
  }

  // ---- combinations ----

  @Override
  public <T> DurableFuture<List<T>> all(List<? extends DurableFuture<? extends T>> futures) {
    return AttemptFuture.all(attempt, futures);
  }

  @Override
  public <T> DurableFuture<T> any(List<? extends DurableFuture<? extends T>> futures) {
    return AttemptFuture.first(attempt, Rule.FIRST_SUCCEEDED_OR_ALL_FAILED, futures);
  }

  @Override
  public <T> DurableFuture<T> race(List<? extends DurableFuture<? extends T>> futures) {
    return AttemptFuture.first(attempt, Rule.FIRST_COMPLETED, futures);
  }

  @Override
  public DurableFuture<Void> allCompleted(List<? extends DurableFuture<?>> futures) {
    return AttemptFuture.allCompleted(attempt, futures);
  }

  @Override
  public DurableFuture<Integer> select(DurableFuture<?>... futures) {
    return AttemptFuture.select(attempt, Arrays.asList(futures));
  }
}
