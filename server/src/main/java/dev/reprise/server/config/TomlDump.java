package dev.reprise.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A configuration as a file that {@code --config} takes. */
final class TomlDump {
  private final Configuration configuration;

  /** Lines of each table; the top one is named by nothing. */
  private final Map<String, List<String>> tables = new TreeMap<>();

  TomlDump(Configuration configuration) {
    this.configuration = configuration;
  }

  String text() {
    Catalogue.options().forEach(this::add);
    StringBuilder out = new StringBuilder();
    tables.forEach(
        (table, lines) -> {
          if (!table.isEmpty()) {
            out.append("\n[").append(table).append("]\n");
          }
          lines.forEach(line -> out.append(line).append('\n'));
        });
    return out.toString();
  }

  private void add(Option<?> option) {
    int dot = option.key().lastIndexOf('.');
    String table = option.key().substring(0, Math.max(dot, 0));
    String name = option.key().substring(dot + 1);
    String text = configuration.text(option);
    String line = text == null ? "# " + name + " =" : name + " = " + value(option, text);
    String origin = configuration.origin(option);
    tables
        .computeIfAbsent(table, ignored -> new ArrayList<>())
        .add(origin == null ? line : line + " # " + origin.replaceAll("\\p{Cntrl}", "?"));
  }

  private static String value(Option<?> option, String text) {
    Object value = option.type().read(text);
    if (value instanceof List<?> list) {
      return list.stream()
          .map(it -> quoted(it.toString()))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    boolean bare = value instanceof Boolean || (value instanceof Number && isNumber(text));
    return bare ? text.trim() : quoted(text.trim());
  }

  private static boolean isNumber(String text) {
    return text.trim().matches("[0-9]+(\\.[0-9]+)?");
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (Character.isISOControl(c)) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
