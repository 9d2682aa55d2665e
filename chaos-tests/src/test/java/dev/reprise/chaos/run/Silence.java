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
}
