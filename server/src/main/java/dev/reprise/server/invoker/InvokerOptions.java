package dev.reprise.server.invoker;

import dev.reprise.cluster.metadata.ServiceOptions;
import java.time.Duration;

/**
 * The bounds of a node's invokers.
 *
 * @param clusterName told to endpoints
 * @param serviceDefaults in force where neither handler nor service says anything
 * @param eagerState whether attempts of keyed handlers are told their state at the start
 * @param attempts running at once, per partition
 * @param queued waiting for one of those, per partition, before {@code hasRoom} says no
 * @param activations in all, those that back off included, before {@code hasRoom} says no
 * @param hold how long a frame that needs the log only together with a later one waits for it
 * @param holdBytes how much of such frames waits
 * @param unansweredBytes what one attempt may have on its way to the log before it is read slower
 * @param nodeBytes what all attempts of a node may hold in memory
 * @param stateBytes keys and values of an object that are told at the start
 * @param idleBeforeSuspend how long an attempt must have been silent to be asked to suspend in
 *     favour of one that waits
 * @param drain how long a response may take to end after its last frame
 */
public record InvokerOptions(
    String clusterName,
    ServiceOptions serviceDefaults,
    boolean eagerState,
    int attempts,
    int queued,
    int activations,
    Duration hold,
    int holdBytes,
    int unansweredBytes,
    long nodeBytes,
    long stateBytes,
    Duration idleBeforeSuspend,
    Duration drain) {

  /** A journal longer than this, or more bytes of it, is read on another thread. */
  static final int INLINE_ENTRIES = 256;

  static final int INLINE_BYTES = 256 << 10;

  public static final InvokerOptions DEFAULTS =
      new InvokerOptions(
          "localcluster",
          ServiceOptions.DEFAULTS,
          true,
          1_000,
          10_000,
          200_000,
          Duration.ofMillis(20),
          64 << 10,
          4 << 20,
          256L << 20,
          32L << 20,
          Duration.ofMillis(50),
          Duration.ofSeconds(5));

  /** The same with other words for services. */
  public InvokerOptions withServiceDefaults(ServiceOptions defaults) {
    return new InvokerOptions(
        clusterName,
        defaults,
        eagerState,
        attempts,
        queued,
        activations,
        hold,
        holdBytes,
        unansweredBytes,
        nodeBytes,
        stateBytes,
        idleBeforeSuspend,
        drain);
  }

  /** The same with other bounds on what runs and waits. */
  public InvokerOptions withAttempts(int running, int waiting) {
    return new InvokerOptions(
        clusterName,
        serviceDefaults,
        eagerState,
        running,
        waiting,
        activations,
        hold,
        holdBytes,
        unansweredBytes,
        nodeBytes,
        stateBytes,
        idleBeforeSuspend,
        drain);
  }
}
