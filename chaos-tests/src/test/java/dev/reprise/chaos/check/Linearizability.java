package dev.reprise.chaos.check;

import dev.reprise.chaos.check.Verdict.Judgement;
import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether each key's acts can be put in one order that the model allows and that real time allows:
 * what ended before another began stands before it. The search is Wing and Gong's with Lowe's
 * memory; each key is judged for itself.
 *
 * @param steps after which a key is given up as undecided
 */
public record Linearizability<S>(String name, Model<S> model, int steps) {
  private static final int SHOWN = 12;

  /** Of one key. */
  enum Answer {
    YES,
    NO,
    GAVE_UP
  }

  /** Judges the acts of all keys. */
  public Verdict judge(List<Act> acts) {
    Map<String, List<Act>> byKey = new LinkedHashMap<>();
    acts.forEach(it -> byKey.computeIfAbsent(it.key(), any -> new ArrayList<>()).add(it));
    List<String> wrong = new ArrayList<>();
    List<String> undecided = new ArrayList<>();
    byKey.forEach(
        (key, ofKey) -> {
          switch (answer(ofKey)) {
            case YES -> {}
            case NO -> wrong.add(explain(key, ofKey));
            case GAVE_UP ->
                undecided.add(
                    key + ": no answer after " + steps + " steps, of " + ofKey.size() + " acts");
          }
        });
    if (wrong.isEmpty() && !undecided.isEmpty()) {
      return new Verdict(name, Judgement.UNDECIDED, acts.size(), undecided);
    }
    return Verdict.of(name, acts.size(), wrong);
  }

  Answer answer(List<Act> ofKey) {
    List<Act> told = ofKey.stream().filter(Linearizability::matters).toList();
    return new LinearSearch<>(model, told, steps).answer();
  }

  /** What had no effect and was not answered says nothing. */
  private static boolean matters(Act act) {
    return act.fate() != Fate.NOT_DONE && (act.done() || !act.verb().equals("read"));
  }

  /**
   * Cuts the history short as far as it stays wrong, and shows its end: the last act shown is the
   * first answer that no order explains.
   */
  private String explain(String key, List<Act> ofKey) {
    List<Act> byEnd = ofKey.stream().sorted(Comparator.comparingLong(Act::end)).toList();
    int right = 0;
    int wrong = byEnd.size();
    while (wrong - right > 1) {
      int middle = (right + wrong) >>> 1;
      if (answer(asOf(byEnd, middle)) == Answer.NO) {
        wrong = middle;
      } else {
        right = middle;
      }
    }
    List<Act> shown = asOf(byEnd, wrong);
    List<Act> last = shown.subList(Math.max(0, shown.size() - SHOWN), shown.size());
    StringBuilder text = new StringBuilder(key + " cannot be put in order; its last acts:");
    last.forEach(it -> text.append("\n    ").append(it));
    return text.toString();
  }

  /** What was known when the first acts had been answered. */
  private static List<Act> asOf(List<Act> byEnd, int answered) {
    long now = byEnd.get(answered - 1).end();
    List<Act> known = new ArrayList<>();
    byEnd.stream()
        .skip(answered)
        .filter(it -> it.begin() <= now && !it.verb().equals("read"))
        .forEach(it -> known.add(it.fate() == Fate.NOT_DONE ? it : it.forgotten()));
    known.addAll(byEnd.subList(0, answered));
    return known;
  }
}
