package dev.reprise.chaos.check;

import java.util.List;

/**
 * What a check says of a history.
 *
 * @param check its name
 * @param examined how many acts it looked at; a verdict on nothing is worth nothing
 * @param findings what is wrong, each fit for a person; empty when nothing is
 */
public record Verdict(String check, Judgement judgement, int examined, List<String> findings) {
  private static final int MOST_FINDINGS = 20;

  /** In one word. */
  public enum Judgement {
    HOLDS,
    VIOLATED,
    /** The check gave up before it knew. */
    UNDECIDED
  }

  public Verdict {
    findings = List.copyOf(findings.subList(0, Math.min(findings.size(), MOST_FINDINGS)));
  }

  /** Violated when there is a finding. */
  public static Verdict of(String check, int examined, List<String> findings) {
    Judgement judgement = findings.isEmpty() ? Judgement.HOLDS : Judgement.VIOLATED;
    return new Verdict(check, judgement, examined, findings);
  }

  public boolean holds() {
    return judgement == Judgement.HOLDS;
  }

  @Override
  public String toString() {
    String line = "%s: %s, of %d acts".formatted(check, judgement, examined);
    return findings.isEmpty() ? line : line + "\n  " + String.join("\n  ", findings);
  }
}
