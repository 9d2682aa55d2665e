package dev.reprise.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this server does not have yet, and why. The list must shrink: a row that passes although it
 * is listed fails the test.
 */
final class NotYet {
  private static final Map<String, List<String>> BY_REASON = Map.of();

  /** Rows by name, with the reason. */
  static final Map<String, String> ROWS = rows();

  /** The same in every setting. */
  static final Expected FAILURES = setting -> ROWS;

  private NotYet() {}

  private static Map<String, String> rows() {
    Map<String, String> rows = new LinkedHashMap<>();
    BY_REASON.forEach((reason, names) -> names.forEach(it -> rows.put(it, reason)));
    return Map.copyOf(rows);
  }
}
