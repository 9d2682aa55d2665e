package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.Waiter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Invocations to be made, by a name that the story knows them by. Immutable. */
public record Asked(
    String name,
    InvocationTarget target,
    long request,
    String idempotencyKey,
    long startAtMillis,
    Retention retention,
    @Nullable Waiter waiter,
    String limitKey) {

  /** Of a plain service. */
  public static Asked plain(String name) {
    return of(name, new InvocationTarget("Greeter", "", "greet", HandlerKind.PLAIN));
  }

  /** Of an object that serves one at a time per key. */
  public static Asked exclusive(String name, String key) {
    return of(name, new InvocationTarget("Counter", key, "add", HandlerKind.EXCLUSIVE));
  }

  public static Asked shared(String name, String key) {
    return of(name, new InvocationTarget("Counter", key, "get", HandlerKind.SHARED));
  }

  public static Asked workflow(String key) {
    return of(key, new InvocationTarget("Signup", key, "run", HandlerKind.WORKFLOW_RUN));
  }

  /** A handler beside the run of a workflow. */
  public static Asked beside(String name, String key) {
    return of(name, new InvocationTarget("Signup", key, "approve", HandlerKind.WORKFLOW_SHARED));
  }

  /**
   * In a scope.
   *
   * @param limitKey empty for none
   */
  public Asked in(String scope, String limitKey) {
    InvocationTarget scoped =
        new InvocationTarget(
            target.service(), target.key(), target.handler(), target.kind(), scope);
    return new Asked(
        name, scoped, request, idempotencyKey, startAtMillis, retention, waiter, limitKey);
  }

  private static Asked of(String name, InvocationTarget target) {
    return new Asked(name, target, name.hashCode(), "", 0, Retention.NONE, null, "");
  }

  private static final Map<InvocationId, String> NAMES = new ConcurrentHashMap<>();

  public static InvocationId id(String name) {
    InvocationId id = new InvocationId(name.hashCode() * 0x9E3779B97F4A7C15L, 7, name.hashCode());
    NAMES.put(id, name);
    return id;
  }

  /** The name that {@link #id(String)} was given. */
  public static String nameOf(InvocationId id) {
    return NAMES.getOrDefault(id, id.toString());
  }

  public InvocationId id() {
    return id(name);
  }

  public Asked request(long number) {
    return new Asked(
        name, target, number, idempotencyKey, startAtMillis, retention, waiter, limitKey);
  }

  public Asked startAt(long millis) {
    return new Asked(name, target, request, idempotencyKey, millis, retention, waiter, limitKey);
  }

  public Asked kept(Duration outcome, Duration journal) {
    Retention kept = new Retention(outcome.toMillis(), journal.toMillis());
    return new Asked(name, target, request, idempotencyKey, startAtMillis, kept, waiter, limitKey);
  }

  public Asked answeredTo(Waiter caller) {
    return new Asked(
        name, target, request, idempotencyKey, startAtMillis, retention, caller, limitKey);
  }

  public NewInvocation make() {
    return new NewInvocation(
        id(),
        target,
        0,
        request,
        idempotencyKey,
        Bytes.utf8("input of " + name),
        startAtMillis,
        retention,
        42,
        waiter,
        limitKey);
  }

  public Command invoke() {
    return new Command.Invoke(make());
  }
}
