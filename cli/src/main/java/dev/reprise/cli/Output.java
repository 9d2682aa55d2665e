package dev.reprise.cli;

import java.io.PrintWriter;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a command writes: results to standard output, errors to standard error.
 *
 * @param colour whether the output is a terminal that shows colours
 */
record Output(PrintWriter out, PrintWriter err, boolean colour, InstantSource clock) {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final String RESET = "\u001b[0m";

  void line(String text) {
    out.println(text);
    out.flush();
  }

  void json(JsonNode json) {
    line(JSON.writeValueAsString(json));
  }

  String bold(String text) {
    return styled("\u001b[1m", text);
  }

  String green(String text) {
    return styled("\u001b[32m", text);
  }

  String yellow(String text) {
    return styled("\u001b[33m", text);
  }

  String red(String text) {
    return styled("\u001b[31m", text);
  }

  String dim(String text) {
    return styled("\u001b[2m", text);
  }

  /** How long ago that was, as one or two letters after one number: {@code 3m}. */
  String age(long epochMillis) {
    return span(clock.millis() - epochMillis);
  }

  static String span(long millis) {
    long seconds = Math.max(0, millis) / 1000;
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m";
    }
    return seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }

  /** The text without what would move a terminal's cursor: names come from strangers. */
  static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> safe.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
    return safe.toString();
  }

  private String styled(String style, String text) {
    return colour ? style + text + RESET : text;
  }
}
