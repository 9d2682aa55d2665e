package dev.reprise.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

/** Rows that restate-server 1.7.12 does not always pass, and why; docs/compatibility.md too. */
final class Differences {
  private static final String NO_SCOPES =
      "It knows scopes only where they are switched on, on a fresh cluster.";

  private static final Map<String, String> WITHOUT_SCOPES =
      Map.of(
          "limits: no more of a scope run at once than its rule says", NO_SCOPES,
          "limits: a limit key has a limit of its own", NO_SCOPES);

  private static final Map<String, String> WITH_SCOPES =
      Map.of(
          "retry: one that backs off goes on when it is resumed",
          "Where scopes are switched on, it says ready of one that backs off.");

  private static final Map<String, String> ALWAYS =
      Map.of(
          "signal: one to a scheduled invocation is not lost",
          "It drops a signal to an invocation that has not started.",
          "signal: one to a queued invocation is not lost",
          "It drops a signal to an invocation that has not started.",
          "deployment: one that is about to be used is not removed",
          "It removes deployments by force only, and answers 501 otherwise.",
          "deployment: one that is used is not removed",
          "It removes deployments by force only, and answers 501 otherwise.",
          "awakeable: what completes it first stays",
          "It accepts completions before they have an order, so now and then a later one wins.");

  static final Expected RESTATE = Differences::in;

  private Differences() {}

  private static Map<String, String> in(Setting setting) {
    Map<String, String> all = new LinkedHashMap<>(ALWAYS);
    all.putAll(setting == Setting.SEVEN ? WITH_SCOPES : WITHOUT_SCOPES);
    return Map.copyOf(all);
  }
}
