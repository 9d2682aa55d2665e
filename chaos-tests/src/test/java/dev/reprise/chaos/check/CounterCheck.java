package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counters: each add counts once, however often it was asked for. {@code add}, whose input names
 * it, answers the count after it; {@code read} answers the count.
 *
 * <p>What is repeated under one name has one answer. No two names have the same. An act that began
 * after another had been answered does not answer less. A read is at least what was answered before
 * it began, and at most what had been asked for when it ended.
 */
public final class CounterCheck {
  private final List<String> wrong = new ArrayList<>();

  private CounterCheck() {}

  /** Judges all counters. */
  public static Verdict judge(List<Act> acts) {
    CounterCheck check = new CounterCheck();
    Acts.byKey(acts).values().forEach(check::counter);
    return Verdict.of("counters", acts.size(), check.wrong);
  }

  private void counter(List<Act> acts) {
    List<Act> adds = Acts.of(acts, "add");
    oneAnswerEach(adds);
    neverBackwards(acts.stream().filter(Act::done).toList());
    Acts.of(acts, "read").stream().filter(Act::done).forEach(it -> bounded(it, adds));
  }

  private void oneAnswerEach(List<Act> adds) {
    Map<String, Act> byName = new HashMap<>();
    Map<String, Act> byAnswer = new HashMap<>();
    for (Act add : adds) {
      if (!add.done()) {
        continue;
      }
      Act same = byName.putIfAbsent(add.input(), add);
      if (same != null && !same.output().equals(add.output())) {
        wrong.add("One add has two answers: " + same + "; and " + add);
      }
      Act other = byAnswer.putIfAbsent(add.output(), add);
      if (other != null && !other.input().equals(add.input())) {
        wrong.add("Two adds have one answer: " + other + "; and " + add);
      }
    }
  }

  /** Of first answers: one that is repeated is as old as it was. */
  private void neverBackwards(List<Act> done) {
    Set<String> seen = new HashSet<>();
    List<Act> first =
        done.stream()
            .sorted(Comparator.comparingLong(Act::end))
            .filter(it -> it.verb().equals("read") || seen.add(it.input()))
            .toList();
    List<Act> byBegin = first.stream().sorted(Comparator.comparingLong(Act::begin)).toList();
    int ended = 0;
    Act most = null;
    for (Act act : byBegin) {
      for (; ended < first.size() && first.get(ended).end() < act.begin(); ended++) {
        if (most == null || count(first.get(ended)) > count(most)) {
          most = first.get(ended);
        }
      }
      boolean tooLow =
          most != null
              && (act.verb().equals("read")
                  ? count(act) < count(most)
                  : count(act) < count(most)
                      || (count(act) == count(most) && most.verb().equals("read")));
      if (tooLow) {
        wrong.add("Counted backwards: " + most + "; then " + act);
      }
    }
  }

  private void bounded(Act read, List<Act> adds) {
    Set<String> least = new HashSet<>();
    Set<String> most = new HashSet<>();
    for (Act add : adds) {
      if (add.before(read)) {
        least.add(add.input());
      }
      if (add.fate() != Fate.NOT_DONE && add.begin() <= read.end()) {
        most.add(add.input());
      }
    }
    if (count(read) < least.size() || count(read) > most.size()) {
      wrong.add("Expected %d to %d adds, but: %s".formatted(least.size(), most.size(), read));
    }
  }

  private static long count(Act act) {
    return Long.parseLong(act.output());
  }
}
