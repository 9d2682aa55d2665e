package dev.reprise.storage.model;

/**
 * What is fixed when an invocation is created.
 *
 * @param incarnation where in the log it was created: tells it from an earlier life of the same id
 * @param requestHigh with {@code requestLow}: the request that made it; the same request gets its
 *     first answer again
 * @param createdAtMillis log time
 * @param idempotencyKey empty when it has none
 * @param randomSeed what the handler's random numbers start from
 * @param limitKey for which of its scope's limits it counts; empty for the scope's own alone
 */
public record Creation(
    long incarnation,
    long requestHigh,
    long requestLow,
    long createdAtMillis,
    String idempotencyKey,
    Retention retention,
    long randomSeed,
    String limitKey) {
  /** Of one that counts for no limits but its scope's. */
  public Creation(
      long incarnation,
      long requestHigh,
      long requestLow,
      long createdAtMillis,
      String idempotencyKey,
      Retention retention,
      long randomSeed) {
    this(
        incarnation,
        requestHigh,
        requestLow,
        createdAtMillis,
        idempotencyKey,
        retention,
        randomSeed,
        "");
  }

  /** The request that made it. */
  public RequestId request() {
    return new RequestId(requestHigh, requestLow);
  }
}
