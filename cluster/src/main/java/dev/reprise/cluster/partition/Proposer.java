package dev.reprise.cluster.partition;

import dev.reprise.cluster.codec.CommandCodec;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.storage.kv.ByteWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Group commit: commands gather while entries are in flight, and leave together. One per epoch;
 * confined to the leader loop.
 *
 * <p>Two lanes. What <em>finishes</em> work (attempts, timers, deliveries) goes first and is never
 * refused; what <em>admits</em> work fills what room is left in an entry and is refused beyond a
 * bound.
 */
final class Proposer {
  /** An entry holds at most this much, but for a single larger command. */
  private static final int ENTRY_BYTES = 1 << 20;

  private static final int ENTRY_COMMANDS = 1_024;
  private static final int ADMIT_COMMANDS = 16_384;

  private final ReplicatedLog log;
  private final long term;
  private final long epoch;
  private final int window;
  private final LongSupplier clockMillis;
  private final PartitionCounters counters;
  private final Deque<Proposal> finish = new ArrayDeque<>();
  private final Deque<Proposal> admit = new ArrayDeque<>();
  private final Deque<Entry> inFlight = new ArrayDeque<>();
  private final ByteWriter buffer = new ByteWriter();
  private long sequence;

  private record Proposal(Command command, Consumer<Result> answer) {}

  private record Entry(long sequence, List<Proposal> proposals) {}

  /** What can be proposed again by the next epoch: asked for, never answered. */
  record Unanswered(Command command, Consumer<Result> answer) {}

  /**
   * @param window entries in flight at once
   */
  Proposer(
      ReplicatedLog log,
      long term,
      long epoch,
      int window,
      LongSupplier clockMillis,
      PartitionCounters counters) {
    this.log = log;
    this.term = term;
    this.epoch = epoch;
    this.window = window;
    this.clockMillis = clockMillis;
    this.counters = counters;
  }

  /** Takes a command that finishes work. It leaves with the next {@link #flush}. */
  void finish(Command command, Consumer<Result> answer) {
    finish.add(new Proposal(command, answer));
  }

  /**
   * Takes a command that admits work.
   *
   * @return false when too many wait already: nothing was done
   */
  boolean admit(Command command, Consumer<Result> answer) {
    if (admit.size() >= ADMIT_COMMANDS) {
      counters.refused();
      return false;
    }
    admit.add(new Proposal(command, answer));
    return true;
  }

  /** Sends as many entries as there is room for in the window. */
  void flush() {
    while (inFlight.size() < window && !(finish.isEmpty() && admit.isEmpty())) {
      send();
    }
  }

  private void send() {
    buffer.reset();
    CommandCodec.begin(epoch, ++sequence, clockMillis.getAsLong(), buffer);
    List<Proposal> taken = new ArrayList<>();
    take(finish, taken);
    take(admit, taken);
    inFlight.add(new Entry(sequence, taken));
    counters.proposed(taken.size());
    log.propose(term, buffer.toBytes());
  }

  private void take(Deque<Proposal> lane, List<Proposal> taken) {
    while (taken.size() < ENTRY_COMMANDS) {
      Proposal next = lane.peek();
      if (next == null || (!taken.isEmpty() && buffer.size() >= ENTRY_BYTES)) {
        return;
      }
      lane.remove();
      CommandCodec.write(next.command(), buffer);
      taken.add(next);
    }
  }

  /** One of this epoch's entries was applied: its slot is free, its commands are answered. */
  void applied(AppliedEntry applied) {
    Entry entry = inFlight.poll();
    if (entry == null || entry.sequence() != applied.sequence()) {
      throw new IllegalStateException(
          "Expected entry "
              + (entry == null ? "none" : entry.sequence())
              + " to be applied next, but got "
              + applied.sequence());
    }
    for (int i = 0; i < entry.proposals().size(); i++) {
      entry.proposals().get(i).answer().accept(applied.results().get(i));
    }
  }

  /** Whether nothing waits and nothing is in flight. */
  boolean idle() {
    return inFlight.isEmpty() && finish.isEmpty() && admit.isEmpty();
  }

  /** The epoch is over: everything that was never answered, in order. */
  List<Unanswered> drain() {
    List<Unanswered> rest = new ArrayList<>();
    for (Entry entry : inFlight) {
      entry.proposals().forEach(it -> rest.add(new Unanswered(it.command(), it.answer())));
    }
    finish.forEach(it -> rest.add(new Unanswered(it.command(), it.answer())));
    admit.forEach(it -> rest.add(new Unanswered(it.command(), it.answer())));
    inFlight.clear();
    finish.clear();
    admit.clear();
    return rest;
  }
}
