package dev.reprise.chaos.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code compose.yaml} says of its services, read as Docker Compose reads it. */
record ComposeFile(List<Service> services) {
  private static final String MERGE = "<<";

  /**
   * One container.
   *
   * @param volumes named volumes, with where they are
   */
  record Service(
      String image,
      String hostname,
      Map<String, String> environment,
      List<String> ports,
      Map<String, String> volumes) {}

  static ComposeFile read(Path file) throws IOException {
    Object document =
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    List<Service> services = new ArrayList<>();
    for (Object each : map(map(document).get("services")).values()) {
      Map<String, Object> service = map(each);
      services.add(
          new Service(
              text(service.get("image")),
              text(service.get("hostname")),
              texts(map(service.get("environment"))),
              list(service.get("ports")),
              volumes(list(service.get("volumes")))));
    }
    return new ComposeFile(List.copyOf(services));
  }

  /** A mapping, with what it takes over from others; its own entries count more. */
  private static Map<String, Object> map(@Nullable Object node) {
    if (!(node instanceof Map<?, ?> entries)) {
      throw new AssertionError("Expected a mapping, but got " + node);
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    if (entries.containsKey(MERGE)) {
      whole.putAll(map(entries.get(MERGE)));
    }
    entries.forEach(
        (key, value) -> {
          if (!key.equals(MERGE)) {
            whole.put(key.toString(), value);
          }
        });
    return whole;
  }

  private static String text(@Nullable Object node) {
    if (node == null) {
      throw new AssertionError("Expected a text, but there is none");
    }
    return node.toString();
  }

  private static Map<String, String> texts(Map<String, Object> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((key, value) -> texts.put(key, value.toString()));
    return texts;
  }

  private static List<String> list(@Nullable Object node) {
    if (!(node instanceof List<?> items)) {
      throw new AssertionError("Expected a list, but got " + node);
    }
    return items.stream().map(Object::toString).toList();
  }

  private static Map<String, String> volumes(List<String> mounted) {
    Map<String, String> volumes = new LinkedHashMap<>();
    for (String each : mounted) {
      int colon = each.indexOf(':');
      volumes.put(each.substring(0, colon), each.substring(colon + 1));
    }
    return volumes;
  }
}
