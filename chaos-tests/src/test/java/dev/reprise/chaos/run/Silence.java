package dev.reprise.chaos.run;

import dev.reprise.chaos.history.Act;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

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

  /**
   * From each kill to the first answer to an act that began after it, in milliseconds, sorted. Of a
   * kill after which nobody asked there is none.
   */
  static List<Long> afterKills(Outcome outcome) {
    return outcome.strikes().stream()
        .filter(it -> it.fault().startsWith("kill"))
        .map(it -> after(it.begin(), outcome.acts()))
        .flatMap(it -> it.stream().boxed())
        .map(it -> TimeUnit.NANOSECONDS.toMillis(it))
        .sorted()
        .toList();
  }

  private static OptionalLong after(long instant, List<Act> acts) {
    return acts.stream()
        .filter(it -> it.done() && it.begin() >= instant)
        .mapToLong(it -> it.end() - instant)
        .min();
  }
}
