package dev.reprise.server.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a node can be told.
 *
 * @param key its name in a file, with dots for tables; in Restate's words where it means the same
 * @param flag its name on the command line, without dashes; as good as the key everywhere else
 * @param standard the text that holds where nobody says anything; null where nothing then holds
 * @param doc what it is, as a part of a sentence, with units where the type has none
 * @param since the version that knew it first
 * @param others further names, all of them Restate's
 */
public record Option<T>(
    String key,
    String flag,
    OptionType<T> type,
    @Nullable String standard,
    String doc,
    String since,
    List<String> others) {
  static <T> Option<T> of(
      String key, String flag, OptionType<T> type, @Nullable String standard, String doc) {
    return new Option<>(key, flag, type, standard, doc, "0.1", List.of());
  }

  /** The same, which Restate has under another name. */
  Option<T> also(String... names) {
    return new Option<>(key, flag, type, standard, doc, since, List.of(names));
  }

  /** All names that mean it. */
  List<String> names() {
    List<String> names = new ArrayList<>(List.of(key));
    if (!flag.equals(key)) {
      names.add(flag);
    }
    names.addAll(others);
    return names;
  }

  /** Whether it is on or off. */
  public boolean isSwitch() {
    return type.equals(OptionType.SWITCH);
  }
}
