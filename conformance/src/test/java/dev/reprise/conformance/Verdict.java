package dev.reprise.conformance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All results, against what is known not to hold: who fails must be listed, and who is listed must
 * fail somewhere.
 */
public final class Verdict {
  private final List<Result> results;
  private final Expected expected;

  /** Judges. */
  public Verdict(List<Result> results, Expected expected) {
    this.results = results;
    this.expected = expected;
  }

  private boolean mayFail(Result result) {
    return expected.failuresIn(result.column().setting()).containsKey(result.row().name());
  }

  /** Failures of rows that are not listed. */
  public List<Result> surprises() {
    return results.stream().filter(it -> !it.passed() && !mayFail(it)).toList();
  }

  /** Rows that are listed although they passed in every column that they are listed for. */
  public Set<String> stale() {
    Set<String> stale = new LinkedHashSet<>();
    results.stream().filter(this::mayFail).forEach(it -> stale.add(it.row().name()));
    results.stream().filter(it -> !it.passed()).forEach(it -> stale.remove(it.row().name()));
    return stale;
  }

  /** The table of rows and columns, then the failures. */
  public String table() {
    Map<String, Integer> columns = new LinkedHashMap<>();
    Map<String, Map<String, String>> lines = new LinkedHashMap<>();
    for (Result result : results) {
      String column = result.column().toString();
      columns.put(column, column.length());
      lines
          .computeIfAbsent(result.row().name(), it -> new LinkedHashMap<>())
          .put(column, cell(result));
    }
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder(line(width, "", columns, columns.keySet()));
    lines.forEach(
        (name, cells) ->
            text.append(
                line(
                    width,
                    name,
                    columns,
                    columns.keySet().stream().map(it -> cells.getOrDefault(it, "-")).toList())));
    for (Result result : results) {
      if (!result.passed()) {
        text.append(failure(result));
      }
    }
    return text.append(summary()).toString();
  }

  private String failure(Result result) {
    return "%n%s [%s] %s after %d ms: %s"
        .formatted(
            result.row().name(), result.column(), cell(result), result.millis(), result.reason());
  }

  private String cell(Result result) {
    if (result.passed()) {
      return "ok";
    }
    return mayFail(result) ? "not yet" : "FAIL";
  }

  private String summary() {
    long passed = results.stream().filter(Result::passed).count();
    int surprises = surprises().size();
    return "%n%d passed, %d failed, %d not yet%n"
        .formatted(passed, surprises, results.size() - passed - surprises);
  }

  private static String line(
      int width, String name, Map<String, Integer> columns, Collection<String> cells) {
    StringBuilder line = new StringBuilder(name).append(" ".repeat(width - name.length()));
    List<Integer> widths = new ArrayList<>(columns.values());
    int i = 0;
    for (String cell : cells) {
      line.append("  ").append(cell).append(" ".repeat(Math.max(0, widths.get(i) - cell.length())));
      i++;
    }
    return line.toString().stripTrailing() + System.lineSeparator();
  }
}
