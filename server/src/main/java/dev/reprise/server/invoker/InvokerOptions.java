package dev.reprise.server.invoker;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.ServiceProtocol;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The bounds of a node's invokers.
 *
 * @param clusterName told to endpoints
 * @param protocolVersion the newest version of the service protocol that new invocations are run
 *     in; those that run already keep theirs
 * @param serviceDefaults in force where neither handler nor service says anything
 * @param eagerState whether attempts of keyed handlers are told their state at the start
 * @param attempts running at once, per partition
 * @param queued waiting for one of those, per partition, before nothing more is taken
 * @param activations in all, those that back off included, per partition; a service may take as
 *     many of them as it leaves free
 * @param hold how long a frame that needs the log only together with a later one waits for it
 * @param holdBytes how much of such frames waits
 * @param unansweredBytes what one attempt may have on its way to the log before it is read slower
 * @param memory what attempts may hold
 * @param stateBytes keys and values of an object that are told at the start
 * @param idleBeforeSuspend how long an attempt must have been silent to be asked to suspend in
 *     favour of one that waits
 * @param drain how long a response may take to end after its last frame
 */
public record InvokerOptions(
    String clusterName,
    int protocolVersion,
    ServiceOptions serviceDefaults,
    boolean eagerState,
    int attempts,
    int queued,
    int activations,
    Duration hold,
    int holdBytes,
    int unansweredBytes,
    Memory memory,
    long stateBytes,
    Duration idleBeforeSuspend,
    Duration drain) {

  /**
   * What attempts may hold in memory.
   *
   * @param nodeBytes all attempts of a node together
   * @param initialBytes what an attempt takes at its start and keeps; without it none begins
   * @param invocationBytes one attempt; an invocation that needs more at once is paused
   * @param patience how long an attempt waits for memory before it yields: it is ended and begun
   *     again once what it waits for is there
   */
  public record Memory(long nodeBytes, int initialBytes, long invocationBytes, Duration patience) {
    public static final Memory DEFAULT =
        new Memory(256L << 20, 32 << 10, 64L << 20, Duration.ofSeconds(1));

    public Memory {
      if (initialBytes > nodeBytes || initialBytes > invocationBytes) {
        throw new IllegalArgumentException(
            "Expected an invocation's initial memory to be within its limit and the node's, but "
                + initialBytes
                + " bytes are more than "
                + Math.min(nodeBytes, invocationBytes));
      }
    }
  }

  /** A journal longer than this, or more bytes of it, is read on another thread. */
  static final int INLINE_ENTRIES = 256;

  static final int INLINE_BYTES = 256 << 10;

  public static final InvokerOptions DEFAULTS =
      new InvokerOptions(
          "localcluster",
          ServiceProtocol.DEFAULT,
          ServiceOptions.DEFAULTS,
          true,
          1_000,
          10_000,
          200_000,
          Duration.ofMillis(20),
          64 << 10,
          4 << 20,
          Memory.DEFAULT,
          32L << 20,
          Duration.ofMillis(50),
          Duration.ofSeconds(5));

  /** The same for another cluster. */
  public InvokerOptions withClusterName(String changed) {
    return with(draft -> draft.clusterName = changed);
  }

  /** The same, with or without state told at the start. */
  public InvokerOptions withEagerState(boolean changed) {
    return with(draft -> draft.eagerState = changed);
  }

  /** The same with another newest version. */
  public InvokerOptions withProtocolVersion(int version) {
    return with(draft -> draft.protocolVersion = version);
  }

  /** The same with other words for services. */
  public InvokerOptions withServiceDefaults(ServiceOptions defaults) {
    return with(draft -> draft.serviceDefaults = defaults);
  }

  /** The same with other bounds on memory. */
  public InvokerOptions withMemory(Memory changed) {
    return with(draft -> draft.memory = changed);
  }

  /** The same with another patience for responses that do not end. */
  public InvokerOptions withDrain(Duration changed) {
    return with(draft -> draft.drain = changed);
  }

  /** The same with other bounds on what runs and waits. */
  public InvokerOptions withAttempts(int running, int waiting) {
    return with(
        draft -> {
          draft.attempts = running;
          draft.queued = waiting;
        });
  }

  /** The same with another bound on what is taken in all. */
  public InvokerOptions withActivations(int changed) {
    return with(draft -> draft.activations = changed);
  }

  private InvokerOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.done();
  }

  /** The same fields, for as long as they are being changed. */
  private static final class Draft {
    String clusterName;
    int protocolVersion;
    ServiceOptions serviceDefaults;
    boolean eagerState;
    int attempts;
    int queued;
    int activations;
    Duration hold;
    int holdBytes;
    int unansweredBytes;
    Memory memory;
    long stateBytes;
    Duration idleBeforeSuspend;
    Duration drain;

    Draft(InvokerOptions options) {
      clusterName = options.clusterName;
      protocolVersion = options.protocolVersion;
      serviceDefaults = options.serviceDefaults;
      eagerState = options.eagerState;
      attempts = options.attempts;
      queued = options.queued;
      activations = options.activations;
      hold = options.hold;
      holdBytes = options.holdBytes;
      unansweredBytes = options.unansweredBytes;
      memory = options.memory;
      stateBytes = options.stateBytes;
      idleBeforeSuspend = options.idleBeforeSuspend;
      drain = options.drain;
    }

    InvokerOptions done() {
      return new InvokerOptions(
          clusterName,
          protocolVersion,
          serviceDefaults,
          eagerState,
          attempts,
          queued,
          activations,
          hold,
          holdBytes,
          unansweredBytes,
          memory,
          stateBytes,
          idleBeforeSuspend,
          drain);
    }
  }
}
