package dev.reprise.conformance;

import java.util.Map;

/** Rows that restate-server 1.7.12 does not pass, and what it does; docs/compatibility.md too. */
final class Differences {
  static final Map<String, String> RESTATE =
      Map.of(
          "signal: one to a scheduled invocation is not lost",
          "It drops a signal to an invocation that has not started.");

  private Differences() {}
}
