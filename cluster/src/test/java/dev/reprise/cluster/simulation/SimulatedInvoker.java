package dev.reprise.cluster.simulation;

import dev.reprise.cluster.partition.Invoker;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripted handlers for one epoch of one partition, a few at a time, and keeps the contract of
 * {@link Invoker} while attempts break off, repeat themselves and speak late.
 */
final class SimulatedInvoker implements Invoker {
  private final Host host;
  private final Context.World world;
  private final SplittableRandom random;
  private final Supplier<Unrest> unrest;
  private final Transcript transcript;
  private final int limit;
  private final Map<InvocationId, SimulatedAttempt> running = new LinkedHashMap<>();
  private long ordinal;
  private boolean saidNoRoom;
  private boolean closed;

  /**
   * @param limit invocations at once
   */
  SimulatedInvoker(
      Host host,
      Context.World world,
      SplittableRandom random,
      Supplier<Unrest> unrest,
      Transcript transcript,
      int limit) {
    this.host = host;
    this.world = world;
    this.random = random;
    this.unrest = unrest;
    this.transcript = transcript;
    this.limit = limit;
  }

  @Override
  public void run(Invocation invocation, @Nullable JournalEntry input) {
    SimulatedAttempt there = running.get(invocation.id());
    if (there != null && there.incarnation() == invocation.incarnation()) {
      return;
    }
    begin(invocation, input);
  }

  private void begin(Invocation invocation, @Nullable JournalEntry input) {
    SimulatedAttempt attempt = new SimulatedAttempt(this, invocation, ++ordinal);
    running.put(invocation.id(), attempt);
    attempt.begin(input);
  }

  @Override
  public void notify(InvocationId id, long incarnation, int index, JournalEntry notification) {
    SimulatedAttempt attempt = running.get(id);
    if (attempt != null && attempt.incarnation() == incarnation) {
      attempt.hears(index, notification);
    }
  }

  @Override
  public void abort(InvocationId id, long incarnation) {
    SimulatedAttempt attempt = running.get(id);
    if (attempt != null && attempt.incarnation() == incarnation) {
      attempt.stop();
      left(attempt);
    }
  }

  @Override
  public void pause(InvocationId id, long incarnation) {
    SimulatedAttempt attempt = running.get(id);
    if (attempt != null && attempt.incarnation() == incarnation) {
      attempt.pauses(true);
    }
  }

  @Override
  public void hurry(InvocationId id, long incarnation) {
    SimulatedAttempt attempt = running.get(id);
    if (attempt != null && attempt.incarnation() == incarnation) {
      attempt.pauses(false);
    }
  }

  /**
   * The attempt is over and its words are settled: try again, if there is still something to do.
   */
  void again(SimulatedAttempt over) {
    if (!closed && running.get(over.invocation().id()) == over) {
      boolean pauses = over.isPausing();
      begin(over.invocation(), null);
      SimulatedAttempt next = running.get(over.invocation().id());
      if (next != null) {
        next.pauses(pauses);
      }
    }
  }

  /** The invocation needs no attempt for now. */
  void left(SimulatedAttempt over) {
    if (running.remove(over.invocation().id(), over) && saidNoRoom) {
      saidNoRoom = false;
      host.roomAgain();
    }
  }

  @Override
  public void close() {
    closed = true;
    running.values().forEach(SimulatedAttempt::stop);
    running.clear();
  }

  @Override
  public void flush() {}

  @Override
  public Room room(String service) {
    Room room = roomNow(service);
    saidNoRoom |= room != Room.FREE;
    return room;
  }

  private Room roomNow(String service) {
    int free = limit - running.size();
    if (free <= 0) {
      return Room.FULL;
    }
    long share =
        running.values().stream()
            .filter(it -> it.invocation().target().service().equals(service))
            .count();
    return share < Math.max(1, free) ? Room.FREE : Room.SHARE_TAKEN;
  }

  @Override
  public @Nullable Activity activity(InvocationId id) {
    return running.containsKey(id) ? new Activity("running", "") : null;
  }

  /** Its services have one deployment for ever. */
  @Override
  public long registryVersion() {
    return 0;
  }

  @Override
  public int mayPin(String deployment) {
    return (int)
        running.values().stream()
            .filter(it -> it.invocation().progress().pin() == null)
            .filter(it -> deployment.equals(SimulatedAttempt.PIN.deployment()))
            .count();
  }

  Host host() {
    return host;
  }

  Context.World world() {
    return world;
  }

  SplittableRandom random() {
    return random;
  }

  Unrest unrest() {
    return unrest.get();
  }

  Transcript transcript() {
    return transcript;
  }
}
