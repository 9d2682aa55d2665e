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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: commands gather while entries are in flight, and leave together. One per epoch;
 * confined to the leader loop.
 *
 * <p>Two lanes. What <em>finishes</em> work (attempts, timers, deliveries) goes first and is never
 * refused; what <em>admits</em> work fills what room is left in an entry and is refused beyond a
 * bound.
 */
final class Proposer {
  private static final Logger logger = LoggerFactory.getLogger(Proposer.class);

  /** An entry holds at most this much, but for a single larger command. */
  private static final int ENTRY_BYTES = 1 << 20;

  /** More than the head of an entry can take. */
  private static final int HEADER_BYTES = 64;

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

  /**
   * Asked for, never answered.
   *
   * @param proposed whether it may be in the log; otherwise it never left
   */
  record Unanswered(Command command, Consumer<Result> answer, boolean proposed) {}

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
    if (taken.isEmpty()) {
      sequence--;
      return;
    }
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
      int before = buffer.size();
      String refusal = write(next.command());
      if (refusal != null) {
        lane.remove();
        buffer.cut(before);
        answer(next, new Result.Rejected(Result.Rejection.REFUSED, refusal));
      } else if (buffer.size() > log.maxEntryBytes()) {
        // It fits alone, in the next entry.
        buffer.cut(before);
        return;
      } else {
        lane.remove();
        taken.add(next);
      }
    }
  }

  /** Returns why the command cannot be in a log at all, or null. */
  private @Nullable String write(Command command) {
    int before = buffer.size();
    try {
      CommandCodec.write(command, buffer);
    } catch (IllegalArgumentException e) {
      return "Expected a command that can be written down, but " + e.getMessage();
    }
    int size = buffer.size() - before + HEADER_BYTES;
    return size <= log.maxEntryBytes()
        ? null
        : "Expected at most " + log.maxEntryBytes() + " bytes, but the request has " + size;
  }

  /**
   * One of this epoch's entries was applied: its slot is free, its commands are answered.
   *
   * @return false when it is not ours to answer: an entry that the log told twice
   * @throws LostEntry when an entry before it never came: the epoch is over
   */
  boolean applied(AppliedEntry applied) {
    Entry entry = inFlight.peek();
    long expected = entry == null ? sequence + 1 : entry.sequence();
    if (applied.sequence() < expected) {
      return false;
    }
    if (entry == null || applied.sequence() > expected) {
      throw new LostEntry(
          "Expected entry " + expected + " to be applied next, but got " + applied.sequence());
    }
    inFlight.remove();
    for (int i = 0; i < entry.proposals().size(); i++) {
      answer(entry.proposals().get(i), applied.results().get(i));
    }
    return true;
  }

  /** The log went on without one of our entries. */
  static final class LostEntry extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostEntry(String message) {
      super(message);
    }
  }

  /** One who cannot take an answer must not keep the others from theirs. */
  private static void answer(Proposal proposal, Result result) {
    try {
      proposal.answer().accept(result);
    } catch (RuntimeException e) {
      logger.error("an answer was not taken", e);
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
      entry.proposals().forEach(it -> rest.add(new Unanswered(it.command(), it.answer(), true)));
    }
    finish.forEach(it -> rest.add(new Unanswered(it.command(), it.answer(), false)));
    admit.forEach(it -> rest.add(new Unanswered(it.command(), it.answer(), false)));
    inFlight.clear();
    finish.clear();
    admit.clear();
    return rest;
  }
}
