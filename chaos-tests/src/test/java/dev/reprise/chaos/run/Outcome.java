package dev.reprise.chaos.run;

import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.fault.Strike;
import dev.reprise.chaos.history.Act;
import java.util.List;

/** What became of a run. */
public record Outcome(Plan plan, List<Act> acts, List<Strike> strikes, List<Verdict> verdicts) {
  public Outcome {
    acts = List.copyOf(acts);
    strikes = List.copyOf(strikes);
    verdicts = List.copyOf(verdicts);
  }

  public boolean passed() {
    return verdicts.stream().allMatch(Verdict::holds);
  }

  /** Those that do not hold. */
  public List<Verdict> violations() {
    return verdicts.stream().filter(it -> !it.holds()).toList();
  }
}
