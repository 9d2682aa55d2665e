package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import dev.reprise.sdk.Awakeable;
import dev.reprise.sdk.CallFuture;
import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.InvocationHandle;
import dev.reprise.sdk.Output;
import dev.reprise.sdk.TimedOutException;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.Awaitable.Combined;
import dev.reprise.sdk.core.Awaitable.Rule;
import dev.reprise.sdk.core.InvocationCommands;
import dev.reprise.sdk.core.NotificationResult;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A future of one attempt: what to wait for, and how to take the result.
 *
 * @param <T> of the result
 */
class AttemptFuture<T> implements DurableFuture<T> {
  /** A server takes a thousand for a mistake; timeouts and cancellation come around it. */
  private static final int MAX_DEPTH = 900;

  private final Attempt attempt;
  private final Awaitable awaitable;
  private final Supplier<T> result;

  AttemptFuture(Attempt attempt, Awaitable awaitable, Supplier<T> result) {
    this.attempt = attempt;
    this.awaitable = awaitable;
    this.result = result;
  }

  /** Of one notification. */
  static <T> AttemptFuture<T> of(Attempt attempt, Awaitable.Single single, Type type) {
    return new AttemptFuture<>(attempt, single, () -> decode(attempt, single, type));
  }

  /** The outcome of another invocation. */
  static <T> AttemptFuture<T> attach(Attempt attempt, InvocationCommands.Target target, Type type) {
    Awaitable.Single outcome = attempt.machine().commands().invocations().attach(target);
    attempt.written();
    return of(attempt, outcome, type);
  }

  /** The outcome of another invocation, if it has one. */
  static <T> AttemptFuture<Output<T>> output(
      Attempt attempt, InvocationCommands.Target target, Type type) {
    Awaitable.Single outcome = attempt.machine().commands().invocations().output(target);
    attempt.written();
    return new AttemptFuture<>(
        attempt,
        outcome,
        () ->
            outcome.result() instanceof NotificationResult.Empty
                ? Output.notReady()
                : Output.of(AttemptFuture.<T>decode(attempt, outcome, type)));
  }

  @Override
  public T await() {
    attempt.await(awaitable);
    return result.get();
  }

  @Override
  public T await(Duration timeout) {
    Awaitable timer = attempt.machine().commands().sleep("", timeout);
    attempt.written();
    var first = new Combined(Rule.FIRST_COMPLETED, List.of(awaitable, timer));
    attempt.await(first);
    if (first.decidedBy() == 1) {
      throw new TimedOutException(timeout);
    }
    return result.get();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // As of the serde: the caller knows.
  static <T> T decode(Attempt attempt, Awaitable.Single single, Type type) {
    ByteString bytes =
        switch (single.result()) {
          case NotificationResult.Success success -> success.value();
          case NotificationResult.Empty empty -> ByteString.EMPTY;
          case NotificationResult.Failed failed -> throw Errors.exception(failed);
          case NotificationResult.InvocationId id -> throw unexpected(id);
          case NotificationResult.StateKeys keys -> throw unexpected(keys);
        };
    return attempt.codec().decodeAs(bytes, type);
  }

  static IllegalStateException unexpected(NotificationResult result) {
    return new IllegalStateException("Expected a value or a failure, but got " + result);
  }

  // ---- combinations ----

  static <T> AttemptFuture<List<T>> all(
      Attempt attempt, List<? extends DurableFuture<? extends T>> futures) {
    List<AttemptFuture<? extends T>> members = membersOf(attempt, futures);
    Combined all = combine(Rule.ALL_SUCCEEDED_OR_FIRST_FAILED, members);
    return new AttemptFuture<>(
        attempt,
        all,
        () -> {
          if (all.decidedBy() != Combined.ALL) {
            var ignored = members.get(all.decidedBy()).result.get();
          }
          var results = new ArrayList<T>();
          members.forEach(member -> results.add(member.result.get()));
          return results;
        });
  }

  static <T> AttemptFuture<T> first(
      Attempt attempt, Rule rule, List<? extends DurableFuture<? extends T>> futures) {
    List<AttemptFuture<? extends T>> members = membersOf(attempt, futures);
    Combined first = combine(rule, members);
    return new AttemptFuture<>(
        attempt, first, () -> members.get(Math.max(first.decidedBy(), 0)).result.get());
  }

  static AttemptFuture<Void> allCompleted(
      Attempt attempt, List<? extends DurableFuture<?>> futures) {
    Combined all = combine(Rule.ALL_COMPLETED, AttemptFuture.<Object>membersOf(attempt, futures));
    return new AttemptFuture<>(attempt, all, AttemptFuture::nothing);
  }

  @SuppressWarnings({"NullAway", "DataFlowIssue"}) // The only value that a Void has.
  private static Void nothing() {
    return null;
  }

  static AttemptFuture<Integer> select(Attempt attempt, List<? extends DurableFuture<?>> futures) {
    Combined first =
        combine(Rule.FIRST_COMPLETED, AttemptFuture.<Object>membersOf(attempt, futures));
    return new AttemptFuture<>(attempt, first, first::decidedBy);
  }

  private static Combined combine(Rule rule, List<? extends AttemptFuture<?>> members) {
    List<Awaitable> awaitables = new ArrayList<>();
    for (AttemptFuture<?> member : members) {
      awaitables.add(member.awaitable);
      if (member.awaitable.depth() >= MAX_DEPTH) {
        throw new IllegalArgumentException(
            "Expected futures nested at most %d deep, but got one more".formatted(MAX_DEPTH));
      }
    }
    return new Combined(rule, awaitables);
  }

  @SuppressWarnings("unchecked")
  private static <T> List<AttemptFuture<? extends T>> membersOf(
      Attempt attempt, List<? extends DurableFuture<?>> futures) {
    var members = new ArrayList<AttemptFuture<? extends T>>();
    for (DurableFuture<?> future : futures) {
      if (!(future instanceof AttemptFuture<?> member) || member.attempt != attempt) {
        throw new IllegalArgumentException(
            "Expected futures of this invocation's context, but got " + future);
      }
      members.add((AttemptFuture<? extends T>) member);
    }
    return members;
  }

  /** A call: a future with the invocation behind it. */
  static final class OfCall<T> extends AttemptFuture<T> implements CallFuture<T> {
    private final InvocationHandle invocation;

    OfCall(Attempt attempt, InvocationCommands.Call call, Type type) {
      super(attempt, call.result(), () -> decode(attempt, call.result(), type));
      this.invocation = new SentInvocation(attempt, call.invocationId());
    }

    @Override
    public InvocationHandle invocation() {
      return invocation;
    }
  }

  /** An awakeable: a future with an id. */
  static final class WithId<T> extends AttemptFuture<T> implements Awakeable<T> {
    private final String id;

    WithId(Attempt attempt, String id, Awaitable.Single single, Type type) {
      super(attempt, single, () -> decode(attempt, single, type));
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }
  }
}
