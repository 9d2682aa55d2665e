package dev.reprise.storage.model;

import org.jspecify.annotations.Nullable;

/**
 * Everything needed to create an invocation; all that a registry, a clock or chance has to say was
 * asked before.
 *
 * @param requestHigh with {@code requestLow}: the request that asks
 * @param idempotencyKey empty when there is none
 * @param input payload of the input entry, as the handler will read it
 * @param startAtMillis log time; 0 or past means now
 * @param waiter who is to be told the outcome, if another invocation asked for it
 * @param limitKey for which of its scope's limits it counts; empty for the scope's own alone
 */
public record NewInvocation(
    InvocationId id,
    InvocationTarget target,
    long requestHigh,
    long requestLow,
    String idempotencyKey,
    Bytes input,
    long startAtMillis,
    Retention retention,
    long randomSeed,
    @Nullable Waiter waiter,
    String limitKey) {
  /** One that counts for no limits but its scope's. */
  public NewInvocation(
      InvocationId id,
      InvocationTarget target,
      long requestHigh,
      long requestLow,
      String idempotencyKey,
      Bytes input,
      long startAtMillis,
      Retention retention,
      long randomSeed,
      @Nullable Waiter waiter) {
    this(
        id,
        target,
        requestHigh,
        requestLow,
        idempotencyKey,
        input,
        startAtMillis,
        retention,
        randomSeed,
        waiter,
        "");
  }

  /** The same, whose outcome is kept for at least so long. */
  public NewInvocation keptFor(long millis) {
    return new NewInvocation(
        id,
        target,
        requestHigh,
        requestLow,
        idempotencyKey,
        input,
        startAtMillis,
        new Retention(Math.max(millis, retention.completionMillis()), retention.journalMillis()),
        randomSeed,
        waiter,
        limitKey);
  }

  /** The same, asked for by this request. */
  public NewInvocation madeBy(RequestId request) {
    return new NewInvocation(
        id,
        target,
        request.high(),
        request.low(),
        idempotencyKey,
        input,
        startAtMillis,
        retention,
        randomSeed,
        waiter,
        limitKey);
  }
}
