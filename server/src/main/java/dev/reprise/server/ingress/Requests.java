package dev.reprise.server.ingress;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.text.Timestamps;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.NewInvocation;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What all doors of a node share: the registry that they look names up in, the partitions that they
 * ask, and the count of who waits. Any thread; never blocks.
 */
public final class Requests {
  private final Supplier<Registry> registry;
  private final Ingress ingress;
  private final NewInvocations invocations;
  private final InstantSource clock;
  private final Waiting waiting;

  /**
   * The requests of a node.
   *
   * @param registry the newest registry; never blocks
   * @param maxWaiting how many requests may wait for an answer before more are refused
   */
  public Requests(
      Supplier<Registry> registry,
      Ingress ingress,
      NewInvocations invocations,
      InstantSource clock,
      int maxWaiting) {
    this.registry = registry;
    this.ingress = ingress;
    this.invocations = invocations;
    this.clock = clock;
    this.waiting = new Waiting(maxWaiting);
  }

  public Registry registry() {
    return registry.get();
  }

  public Ingress ingress() {
    return ingress;
  }

  public Waiting waiting() {
    return waiting;
  }

  /** When an invocation starts that is to start this much later, in milliseconds. */
  public long startAt(long delayMillis) {
    long now = clock.millis();
    if (delayMillis > Timestamps.MAX_MILLIS - now) {
      throw new Refused(Reason.BAD_DELAY, "bad delay: Expected a start before the year 10000");
    }
    return now + delayMillis;
  }

  /**
   * An invocation that a client asks for.
   *
   * @param idempotencyKey empty when there is none
   * @param startAtMillis 0 for now
   */
  public NewInvocation invocation(
      HandlerRequest request, String idempotencyKey, Bytes input, long startAtMillis) {
    return invocations.make(
        request.service(),
        request.handler(),
        request.key(),
        idempotencyKey,
        input,
        startAtMillis,
        null);
  }
}
