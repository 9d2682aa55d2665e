package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import java.util.ArrayList;
import java.util.List;

/**
 * What is decided once: promises, awakeables, outcomes of invocations. {@code decide}, of a value,
 * answers {@code true} when that was the first, {@code false} when there was one before, or {@code
 * taken} when it does not say which; {@code peek} answers the value, or nothing while there is
 * none.
 *
 * <p>All that is seen is one value; somebody may have decided it; once anybody has seen that it is
 * decided, nobody sees it open.
 */
public final class DecidedOnceCheck {
  private final List<String> wrong = new ArrayList<>();

  private DecidedOnceCheck() {}

  /**
   * Judges all keys.
   *
   * @param strangers whether a value may be seen that no act of the history decided
   */
  public static Verdict judge(String name, List<Act> acts, boolean strangers) {
    DecidedOnceCheck check = new DecidedOnceCheck();
    Acts.byKey(acts).forEach((key, ofKey) -> check.thing(key, ofKey, strangers));
    return Verdict.of(name, acts.size(), check.wrong);
  }

  private void thing(String key, List<Act> acts, boolean strangers) {
    List<Act> decides = Acts.of(acts, "decide");
    List<Act> won = decides.stream().filter(it -> it.output().equals("true")).toList();
    List<Act> seen = Acts.of(acts, "peek").stream().filter(it -> !it.output().isEmpty()).toList();
    if (won.stream().map(Act::input).distinct().count() > 1) {
      wrong.add(key + " was decided twice: " + won);
    }
    List<String> values = seen.stream().map(Act::output).distinct().sorted().toList();
    if (values.size() > 1) {
      wrong.add(key + " has more than one value: " + seen);
    }
    for (String value : values) {
      if (!won.isEmpty() && won.stream().noneMatch(it -> it.input().equals(value))) {
        wrong.add("%s is %s, but it was decided otherwise: %s".formatted(key, value, won));
      } else if (!strangers && decides.stream().noneMatch(it -> mayBe(it, value, decides))) {
        wrong.add("%s is %s, which nobody can have decided: %s".formatted(key, value, decides));
      }
    }
    neverOpenAgain(acts);
  }

  /** Whether the act can be the one that decided: no other one had been answered before it. */
  private static boolean mayBe(Act act, String value, List<Act> decides) {
    return act.input().equals(value)
        && act.fate() != Fate.NOT_DONE
        && !act.output().equals("false")
        && decides.stream().noneMatch(it -> it.before(act) && !it.input().equals(value));
  }

  private void neverOpenAgain(List<Act> acts) {
    for (Act peek : Acts.of(acts, "peek")) {
      if (peek.done() && peek.output().isEmpty()) {
        acts.stream()
            .filter(it -> it.before(peek) && !it.output().isEmpty())
            .findFirst()
            .ifPresent(it -> wrong.add("Open again: " + it + "; then " + peek));
      }
    }
  }
}
