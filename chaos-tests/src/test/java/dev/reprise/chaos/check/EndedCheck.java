package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nothing is stuck and nothing acknowledged is lost: each {@code begin} that was acknowledged has
 * an {@code end} of the same key, whose output is the begin's input.
 */
public final class EndedCheck {
  private EndedCheck() {}

  /** Judges all keys. */
  public static Verdict judge(String name, List<Act> acts) {
    List<String> wrong = new ArrayList<>();
    Map<String, Act> ends = new HashMap<>();
    Acts.of(acts, "end").stream().filter(Act::done).forEach(it -> ends.put(it.key(), it));
    for (Act begin : Acts.of(acts, "begin")) {
      Act end = ends.get(begin.key());
      if (begin.done() && end == null) {
        wrong.add("Did not end: " + begin);
      } else if (end != null && !end.output().equals(begin.input())) {
        wrong.add("Ended as another: " + begin + "; " + end);
      }
    }
    return Verdict.of(name, acts.size(), wrong);
  }
}
