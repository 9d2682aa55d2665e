package dev.reprise.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** A file of keys; tables become keys with dots. */
final class TomlFile {
  private final Path path;
  private final Said.Source source;
  private final List<Said> found = new ArrayList<>();

  private TomlFile(Path path, Said.Source source) {
    this.path = path;
    this.source = source;
  }

  /**
   * All that it says.
   *
   * @throws ConfigException if there is no such file, or it is no TOML
   */
  static List<Said> read(Path path, Said.Source source) {
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new ConfigException("Expected a file to read at " + path + ", but there is none");
    }
    try {
      TomlFile file = new TomlFile(path, source);
      file.flatten("", new TomlMapper().readTree(path.toFile()));
      return file.found;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new ConfigException(
          "Expected TOML in " + path + ", but" + where + ": " + e.getOriginalMessage());
    }
  }

  private void flatten(String table, JsonNode node) {
    node.forEachEntry(
        (name, value) -> {
          String key = table + Keys.plain(name);
          if (value.isObject()) {
            flatten(key + ".", value);
          } else {
            found.add(new Said(key, text(value), key + " in " + path, source));
          }
        });
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      return value.valueStream().map(TomlFile::text).collect(Collectors.joining(",", "[", "]"));
    }
    return value.isString() ? value.stringValue() : value.toString();
  }
}
