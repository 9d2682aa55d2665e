package dev.reprise.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Columns of text under a head, as wide as they need to be. */
final class Table {
  private static final String GAP = "  ";

  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... head) {
    this.head = List.of(head);
  }

  /** Adds a row with as many cells as the head has. */
  void row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(
          "Expected " + head.size() + " cells, but got " + cells.length);
    }
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(Output.printable(cell));
    }
    rows.add(row);
  }

  /**
   * Prints head and rows.
   *
   * @param style colours the text of a cell, given the row's cells and the column
   */
  void print(Output output, Style style) {
    int[] widths = new int[head.size()];
    measure(widths, head);
    rows.forEach(row -> measure(widths, row));
    output.line(line(widths, head, (cells, column) -> output::bold));
    for (List<String> row : rows) {
      output.line(line(widths, row, style));
    }
  }

  void print(Output output) {
    print(output, (cells, column) -> UnaryOperator.identity());
  }

  /** How a cell looks. */
  @FunctionalInterface
  interface Style {
    UnaryOperator<String> of(List<String> cells, int column);
  }

  private static void measure(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(cells.get(i)));
    }
  }

  private static String line(int[] widths, List<String> cells, Style style) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(i == 0 ? "" : GAP).append(style.of(cells, i).apply(cell));
      if (i < widths.length - 1) {
        line.repeat(' ', widths[i] - width(cell));
      }
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
