package dev.reprise.bench.endpoint;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What became of one-way sends: how many arrived, and how many more than once. Executions can be
 * held back, so that accepting and executing can be measured apart. The event loop's thread.
 */
final class Sink {
  /** Numbers above are executed but not told apart: the memory of the set is bounded. */
  private static final long MAX_SEQUENCE = 32 << 20;

  private final BitSet seen = new BitSet();
  private final Set<Attempt> held = new LinkedHashSet<>();
  private boolean holding;
  private long distinct;
  private long repeated;

  /** Counts an execution of a number. Returns false when it is held. */
  boolean take(Attempt attempt) {
    if (holding) {
      held.add(attempt);
      return false;
    }
    long sequence = Digits.first(attempt.input());
    if (sequence < MAX_SEQUENCE) {
      if (seen.get((int) sequence)) {
        repeated++;
      } else {
        seen.set((int) sequence);
        distinct++;
      }
    }
    return true;
  }

  void forget(Attempt attempt) {
    held.remove(attempt);
  }

  void hold() {
    holding = true;
  }

  void release() {
    holding = false;
    List<Attempt> waiting = new ArrayList<>(held);
    held.clear();
    waiting.forEach(Attempt::proceed);
  }

  void reset() {
    seen.clear();
    distinct = 0;
    repeated = 0;
  }

  void appendTo(StringBuilder json) {
    json.append("\"distinct\":").append(distinct).append(",\"repeated\":").append(repeated);
    json.append(",\"held\":").append(held.size());
  }
}
