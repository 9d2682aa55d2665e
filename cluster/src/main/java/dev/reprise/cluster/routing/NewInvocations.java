package dev.reprise.cluster.routing;

import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.Waiter;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Fills in everything that the rules may not ask for: ids, seeds, retention. Used by the front
 * doors and for the calls that handlers make. Any thread, if the generator is.
 */
public final class NewInvocations {
  private final ServiceOptions nodeDefaults;
  private final RandomGenerator random;

  public NewInvocations(ServiceOptions nodeDefaults, RandomGenerator random) {
    this.nodeDefaults = nodeDefaults;
    this.random = random;
  }

  /**
   * An invocation of this handler, ready to be proposed.
   *
   * @param key empty for a plain service
   * @param idempotencyKey empty when there is none
   * @param input payload of the input entry
   * @param startAtMillis 0 for now
   */
  public NewInvocation make(
      ServiceRevision service,
      HandlerRevision handler,
      String key,
      String idempotencyKey,
      Bytes input,
      long startAtMillis,
      @Nullable Waiter waiter) {
    return make(service, handler, key, "", "", idempotencyKey, input, startAtMillis, waiter);
  }

  /**
   * An invocation of this handler in a scope.
   *
   * @param scope empty where there is none
   * @param limitKey empty where there is none; only with a scope
   */
  public NewInvocation make(
      ServiceRevision service,
      HandlerRevision handler,
      String key,
      String scope,
      String limitKey,
      String idempotencyKey,
      Bytes input,
      long startAtMillis,
      @Nullable Waiter waiter) {
    InvocationTarget target =
        new InvocationTarget(service.name(), key, handler.name(), handler.kind(), scope);
    boolean named = !idempotencyKey.isEmpty() || handler.kind() == HandlerKind.WORKFLOW_RUN;
    long high = random.nextLong();
    long low = random.nextLong();
    InvocationId id =
        named
            ? InvocationIds.named(target, idempotencyKey)
            : InvocationIds.drawn(target, high, low);
    return new NewInvocation(
        id,
        target,
        high,
        low,
        idempotencyKey,
        input,
        startAtMillis,
        retention(service, handler, !idempotencyKey.isEmpty()),
        random.nextLong(),
        waiter,
        limitKey);
  }

  /** The name of a request that this node has just received. */
  public RequestId request() {
    return new RequestId(random.nextLong(), random.nextLong());
  }

  /** An id that nobody else has, in the partition of another one: for what is made out of it. */
  public InvocationId beside(InvocationId other) {
    return new InvocationId(other.partitionKey(), random.nextLong(), random.nextLong());
  }

  /** What a handler's random numbers start from. */
  public long seed() {
    return random.nextLong();
  }

  /** What is in force for a handler: its own word over its service's over this node's. */
  public ServiceOptions options(ServiceRevision service, HandlerRevision handler) {
    return handler.options().over(service.options()).over(nodeDefaults);
  }

  private Retention retention(ServiceRevision service, HandlerRevision handler, boolean named) {
    ServiceOptions options = options(service, handler);
    long journal = millis(options.journalRetention());
    if (handler.kind() == HandlerKind.WORKFLOW_RUN) {
      return new Retention(millis(options.workflowCompletionRetention()), journal);
    }
    return new Retention(named ? millis(options.idempotencyRetention()) : journal, journal);
  }

  private static long millis(@Nullable Duration duration) {
    return duration == null ? 0 : Math.max(0, duration.toMillis());
  }
}
