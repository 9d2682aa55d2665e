package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.Header;
import dev.reprise.sdk.Awakeable;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.InvocationHandle;
import dev.reprise.sdk.Remote;
import dev.reprise.sdk.RetryPolicy;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.Awaitable.Rule;
import dev.reprise.sdk.core.Commands;
import dev.reprise.sdk.core.NotificationResult;
import dev.reprise.sdk.core.SeededRandom;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  static AttemptContext of(Attempt attempt, HandlerDefinition.Kind kind) {
    return switch (kind) {
      case PLAIN -> new AttemptContext(attempt);
      case SHARED -> new SharedAttemptContext(attempt);
      case EXCLUSIVE, WORKFLOW -> new ObjectAttemptContext(attempt);
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
  public <T> DurableFuture<T> callAsync(Target target, @Nullable Object input, TypeRef<T> type) {
    return callAsync(target, input, type.type());
  }

  <T> DurableFuture<T> callAsync(Target target, @Nullable Object input, Type type) {
    Commands.Call call = commands().call(callee(target), attempt.codec().encodeInput(input));
    return future(call.result(), type);
  }

  @Override
  public InvocationHandle send(Target target, @Nullable Object input, Duration delay) {
    Awaitable.Single id =
        commands().send(callee(target), attempt.codec().encodeInput(input), delay);
    attempt.written();
    return new SentInvocation(attempt, id);
  }

  private static Commands.Callee callee(Target target) {
    return new Commands.Callee(
        target.service(),
        target.key(),
        target.handler(),
        target.idempotencyKey(),
        target.headers());
  }

  @Override
  public InvocationHandle invocation(String invocationId) {
    return new SentInvocation(
        attempt, Awaitable.Single.known(new NotificationResult.InvocationId(invocationId)));
  }

  // ---- signals ----

  @Override
  public <T> Awakeable<T> awakeable(TypeRef<T> type) {
    Commands.NewAwakeable created = commands().awakeable();
    return new AttemptFuture.WithId<>(attempt, created.id(), created.result(), type.type());
  }

  @Override
  public void resolveAwakeable(String id, @Nullable Object value) {
    commands().resolveAwakeable(id, attempt.codec().encode(value));
    attempt.written();
  }

  @Override
  public void rejectAwakeable(String id, TerminalException failure) {
    commands().rejectAwakeable(id, failure.code(), String.valueOf(failure.getMessage()));
    attempt.written();
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
  public DurableFuture<Integer> select(DurableFuture<?>... futures) {
    return AttemptFuture.select(attempt, Arrays.asList(futures));
  }
}
