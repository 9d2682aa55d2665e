package dev.reprise.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node has been told, by everybody together. Immutable. */
public final class Configuration {
  private final Map<String, Said> byKey;
  private final List<String> warnings;

  private Configuration(Map<String, Said> byKey, List<String> warnings) {
    this.byKey = byKey;
    this.warnings = List.copyOf(warnings);
  }

  /**
   * What counts of all that was said.
   *
   * @param all in the order of their sources
   * @throws ConfigException with a line for each key that is not known where it must be, and for
   *     each value that cannot be read
   */
  static Configuration of(List<Said> all) {
    Map<String, Said> byKey = new LinkedHashMap<>();
    List<String> errors = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Said each : all) {
      Option<?> option = Catalogue.named(each.key());
      if (option == null) {
        (each.source().isStrict() ? errors : warnings).add(unknown(each));
        continue;
      }
      Said before = byKey.put(option.key(), each);
      if (before != null && before.source() == each.source() && each.source().isStrict()) {
        errors.add(
            "Expected one of " + before.origin() + " and " + each.origin() + ", but got both");
      }
    }
    byKey.values().forEach(it -> check(it, errors));
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    return new Configuration(byKey, warnings);
  }

  private static String unknown(Said said) {
    if (RestateKeys.isIdle(said.key())) {
      return said.source().isStrict()
          ? "Expected an option of Reprise's, but "
              + said.origin()
              + " is one of Restate's that has no effect here"
          : said.origin() + " has no effect here";
    }
    String near = Keys.nearest(said.key(), Catalogue.names());
    String advice = near == null ? "" : "; did you mean " + spelled(near, said.source()) + "?";
    return said.source().isStrict()
        ? "Expected an option of Reprise's, but " + said.origin() + " is none" + advice
        : said.origin() + " is not known, and has no effect" + advice;
  }

  private static String spelled(String key, Said.Source source) {
    return switch (source) {
      case FILE, RESTATE_FILE -> key;
      case VARIABLE, PACKAGE -> Keys.OURS + Keys.variable(key);
      case RESTATE_VARIABLE -> Keys.RESTATES + Keys.variable(key);
      case FLAG -> "--" + key;
    };
  }

  private static void check(Said said, List<String> errors) {
    try {
      Option<?> option = Catalogue.named(said.key());
      if (option != null) {
        option.type().read(said.text());
      }
    } catch (IllegalArgumentException e) {
      errors.add(said.origin() + ": " + e.getMessage());
    }
  }

  /** What an option is; null where nobody said and nothing holds then. */
  public <T> @Nullable T find(Option<T> option) {
    String text = text(option);
    return text == null ? null : option.type().read(text);
  }

  /** What an option is, of those that have something that holds where nobody said. */
  public <T> T get(Option<T> option) {
    T value = find(option);
    if (value == null) {
      throw new IllegalStateException("Expected a value of " + option.key());
    }
    return value;
  }

  /** Whether the first of two was said, and not earlier than the other. */
  public boolean counts(Option<?> option, Option<?> other) {
    Said one = byKey.get(option.key());
    Said two = byKey.get(other.key());
    return one != null && (two == null || one.source().compareTo(two.source()) >= 0);
  }

  @Nullable String text(Option<?> option) {
    Said said = byKey.get(option.key());
    return said == null ? option.standard() : said.text();
  }

  /** Who said what an option is; null where nobody did. */
  @Nullable String origin(Option<?> option) {
    Said said = byKey.get(option.key());
    return said == null ? null : said.origin();
  }

  /** A sentence for each key that was said in Restate's words and does nothing. */
  public List<String> warnings() {
    return warnings;
  }

  /** All of it as TOML, in the order of the catalogue, with who said what. */
  public String dump() {
    return new TomlDump(this).text();
  }
}
