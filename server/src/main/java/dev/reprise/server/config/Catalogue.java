package dev.reprise.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every option of a node, once. What reads them, the command line's help, {@code --dump-config} and
 * the page {@code docs/configuration.md} are made from it.
 */
public final class Catalogue {
  /** Options that belong together. */
  record Section(String title, List<Option<?>> options) {}

  /** In the order of the page. */
  static final List<Section> SECTIONS =
      List.of(
          NodeOptions.ALL,
          ClusterOptions.ALL,
          DoorOptions.ALL,
          WorkOptions.ALL,
          ServiceDefaults.ALL,
          ReachOptions.ALL);

  private static final Map<String, Option<?>> BY_NAME = byName();

  private Catalogue() {}

  /** All options, in the order of the page. */
  public static Stream<Option<?>> options() {
    return SECTIONS.stream().flatMap(it -> it.options().stream());
  }

  /** The option that a key means; null for none. */
  static @Nullable Option<?> named(String key) {
    return BY_NAME.get(key);
  }

  static Set<String> names() {
    return BY_NAME.keySet();
  }

  private static Map<String, Option<?>> byName() {
    Map<String, Option<?>> all = new LinkedHashMap<>();
    options()
        .forEach(
            option ->
                option
                    .names()
                    .forEach(
                        name -> {
                          if (all.put(name, option) != null) {
                            throw new IllegalStateException("Two options are named " + name);
                          }
                        }));
    return all;
  }
}
