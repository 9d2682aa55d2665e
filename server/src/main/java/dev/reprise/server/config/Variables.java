package dev.reprise.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the environment says. */
final class Variables {
  /** Where an image keeps what is durable, unless anybody says anything else. */
  static final String DEFAULT_BASE_DIR = Keys.OURS + "DEFAULT_BASE_DIR";

  /** Variables with our prefix that are no options, and what reads them. */
  static final Map<String, String> OTHERS = others();

  /** Those with Restate's. */
  private static final List<String> RESTATES_OTHERS =
      List.of(Keys.RESTATES + "CONFIG", Keys.RESTATES + "CONTAINER_IMAGE");

  private Variables() {}

  private static Map<String, String> others() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("REPRISE_CONFIG", "the file of keys, as `--config` says it");
    all.put(DEFAULT_BASE_DIR, "an image's own `base-dir`; whatever else is said counts more");
    all.put("REPRISE_LOG", "the level of the log: `ERROR`, `WARN`, `INFO` (as it is), `DEBUG`");
    all.put("REPRISE_RATIS_LOG", "the same for the library that replicates; `ERROR` as it is");
    all.put("REPRISE_HEAP", "the launcher: the largest heap, `1g` as it is");
    all.put("REPRISE_JAVA_OPTS", "the launcher: further flags of the JVM");
    all.put("REPRISE_ADMIN_URL", "`restatectl`: where the admin HTTP API is");
    all.put("REPRISE_GRPC_ADDRESS", "`restatectl`: where the gRPC port is");
    all.put("REPRISE_CI", "the tests: those whose tools are missing fail");
    return all;
  }

  /** In the order of their names. One that is empty says nothing. */
  static List<Said> read(Map<String, String> environment) {
    List<Said> found = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (value.isEmpty()) {
                return;
              }
              if (name.startsWith(Keys.OURS) && !OTHERS.containsKey(name)) {
                found.add(said(name, Keys.OURS, value, Said.Source.VARIABLE));
              } else if (name.startsWith(Keys.RESTATES) && !RESTATES_OTHERS.contains(name)) {
                found.add(said(name, Keys.RESTATES, value, Said.Source.RESTATE_VARIABLE));
              }
            });
    return found;
  }

  private static Said said(String name, String prefix, String value, Said.Source source) {
    return new Said(Keys.ofVariable(name.substring(prefix.length())), value, name, source);
  }
}
