package dev.reprise.conformance;

import java.util.Map;

/** Rows that restate-server 1.7.12 does not always pass, and why; docs/compatibility.md too. */
final class Differences {
  static final Map<String, String> RESTATE =
      Map.of(
          "signal: one to a scheduled invocation is not lost",
          "It drops a signal to an invocation that has not started.",
          "signal: one to a queued invocation is not lost",
          "It drops a signal to an invocation that has not started.",
          "deployment: one that is used is not removed",
          "It removes deployments by force only, and answers 501 otherwise.",
          "awakeable: what completes it first stays",
          "It accepts completions before they have an order, so now and then a later one wins.");

  private Differences() {}
}
