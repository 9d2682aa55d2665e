package dev.reprise.sdk.runtime;

import dev.reprise.sdk.Options;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One service: an object, and its methods that can be called. */
public record ServiceDefinition(
    String name,
    Kind kind,
    Object instance,
    Map<String, HandlerDefinition> handlers,
    @Nullable Options options) {

  /** What the service's key means. */
  public enum Kind {
    SERVICE,
    VIRTUAL_OBJECT,
    WORKFLOW
  }
}
