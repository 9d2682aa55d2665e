package dev.reprise.server.ingress;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.routing.AwakeableId;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.text.Timestamps;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all doors of a node share: the registry that they look names up in, the partitions that they
 * ask, and the count of who waits. Any thread; never blocks.
 */
public final class Requests {
  private final Supplier<Registry> registry;
  private final Afresh afresh;
  private final Ingress ingress;
  private final NewInvocations invocations;
  private final InstantSource clock;
  private final Waiting waiting;

  /**
   * The requests of a node.
   *
   * @param registry the newest registry that this node knows; never blocks
   * @param catchingUp when that is not new enough
   * @param maxWaiting how many requests may wait for an answer before more are refused
   */
  public Requests(
      Supplier<Registry> registry,
      CatchingUp catchingUp,
      Ingress ingress,
      NewInvocations invocations,
      InstantSource clock,
      int maxWaiting) {
    this.registry = registry;
    this.afresh = new Afresh(catchingUp);
    this.ingress = ingress;
    this.invocations = invocations;
    this.clock = clock;
    this.waiting = new Waiting(maxWaiting);
  }

  public Registry registry() {
    return registry.get();
  }

  /** Asks again what was refused for a name that this node does not know. */
  public Afresh afresh() {
    return afresh;
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
   * @param limitKey empty when there is none
   * @param idempotencyKey empty when there is none
   * @param startAtMillis 0 for now
   */
  public NewInvocation invocation(
      HandlerRequest request,
      String limitKey,
      String idempotencyKey,
      Bytes input,
      long startAtMillis) {
    return invocations.make(
        request.service(),
        request.handler(),
        request.key(),
        request.scope(),
        limitKey,
        idempotencyKey,
        input,
        startAtMillis,
        null);
  }

  /** Gives an awakeable its outcome. */
  public void complete(AwakeableId awakeable, Outcome outcome, Consumer<Answer> answer) {
    Signal signal = new Signal(new SignalId.Index(awakeable.index()), outcome);
    ingress.signal(awakeable.invocation(), signal, invocations.request(), answer);
  }

  /**
   * Sends a named signal.
   *
   * @param outcome null where it says only that it came
   */
  public void signal(
      InvocationId id, String name, @Nullable Outcome outcome, Consumer<Answer> answer) {
    Signal signal = new Signal(new SignalId.Name(name), outcome);
    ingress.signal(id, signal, invocations.request(), answer);
  }

  /** Decides a promise of a workflow. */
  public void decide(ObjectId workflow, String key, Outcome outcome, Consumer<Answer> answer) {
    ingress.completePromise(workflow, key, outcome, invocations.request(), answer);
  }

  /** Asks an invocation to stop and clean up. */
  public void cancel(InvocationId id, Consumer<Answer> answer) {
    ingress.manage(new Command.Cancel(id, invocations.request()), answer);
  }

  /** A workflow that is served. Throws {@link Refused} when there is none of this name. */
  public ObjectId workflow(String name, String key) {
    if (HandlerRequest.service(registry(), name).kind() != ServiceKind.WORKFLOW) {
      throw new Refused(
          Reason.MALFORMED_REQUEST, "Expected a workflow, but '" + name + "' is none");
    }
    return new ObjectId(name, key);
  }
}
