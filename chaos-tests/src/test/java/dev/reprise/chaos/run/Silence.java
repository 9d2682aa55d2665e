package dev.reprise.chaos.run;

import dev.reprise.chaos.history.Act;
import java.util.List;

/** How long nobody was answered anything. */
final class Silence {
  private Silence() {}

  /** The longest time between two answers to anybody, in nanoseconds. */
  static long longest(List<Act> acts) {
    long[] ends = acts.stream().filter(Act::done).mapToLong(Act::end).sorted().toArray();
    long longest = 0;
    for (int i = 1; i < ends.length; i++) {
      longest = Math.max(longest, ends[i] - ends[i - 1]);
    }
    return longest;
  }

  /** From this instant to the first answer to an act that began after it; -1 when there is none. */
  static long after(long instant, List<Act> acts) {
    return acts.stream()
            .filter(it -> it.done() && it.begin() >= instant)
            .mapToLong(Act::end)
            .min()
            .orElse(instant - 1)
        - instant;
  }
}
