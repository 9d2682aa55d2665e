package dev.reprise.sdk.runtime;

import dev.reprise.sdk.Options;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an endpoint tells a server about itself. A server refuses keys that it does not know, so
 * each version of the manifest carries only its own.
 */
public final class Manifest {
  /** Versions of the service protocol that this SDK speaks. */
  public static final int MIN_PROTOCOL = 5;

  public static final int MAX_PROTOCOL = 7;

  /** Versions of the manifest that it can write. */
  public static final int MIN_VERSION = 2;

  public static final int MAX_VERSION = 4;

  private static final int OPTIONS_SINCE = 3;
  private static final int RETRY_SINCE = 4;
  private static final JsonMapper JSON = JsonMapper.shared();

  /** How attempts travel. */
  public enum Mode {
    BIDI_STREAM,
    REQUEST_RESPONSE
  }

  private final int version;
  private final Codec codec;

  private Manifest(int version, Codec codec) {
    this.version = version;
    this.codec = codec;
  }

  static byte[] of(int version, Mode mode, Collection<ServiceDefinition> services, Codec codec) {
    var writer = new Manifest(version, codec);
    var manifest = new LinkedHashMap<String, Object>();
    manifest.put("protocolMode", mode.name());
    manifest.put("minProtocolVersion", MIN_PROTOCOL);
    manifest.put("maxProtocolVersion", MAX_PROTOCOL);
    manifest.put("services", services.stream().map(writer::service).toList());
    return JSON.writeValueAsBytes(manifest);
  }

  private Map<String, Object> service(ServiceDefinition service) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", service.name());
    json.put("ty", service.kind().name());
    options(service.options(), json);
    json.put(
        "handlers",
        service.handlers().values().stream().map(it -> handler(it, service.options())).toList());
    return json;
  }

  private Map<String, Object> handler(HandlerDefinition handler, @Nullable Options ofService) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", handler.name());
    switch (handler.kind()) {
      case PLAIN -> {}
      case EXCLUSIVE, SHARED, WORKFLOW -> json.put("ty", handler.kind().name());
    }
    if (handler.inputType() != null) {
      json.put("input", input(handler.inputType()));
    }
    json.put("output", output(handler.outputType()));
    options(handler.options(), json);
    if (version >= OPTIONS_SINCE && handler.kind() == HandlerDefinition.Kind.WORKFLOW) {
      workflowRetention(ofService, json);
      workflowRetention(handler.options(), json);
    }
    return json;
  }

  private Map<String, Object> input(Type type) {
    return Codec.isBytes(type)
        ? Map.of("required", false, "contentType", "*/*")
        : Map.of("required", true, "contentType", codec.contentType(type));
  }

  private Map<String, Object> output(Type type) {
    return Codec.isVoid(type)
        ? Map.of("setContentTypeIfEmpty", false)
        : Map.of("setContentTypeIfEmpty", false, "contentType", codec.contentType(type));
  }

  private void options(@Nullable Options options, Map<String, Object> json) {
    if (options == null || version < OPTIONS_SINCE) {
      return;
    }
    putMillis("inactivityTimeout", options.inactivityTimeout(), json);
    putMillis("abortTimeout", options.abortTimeout(), json);
    putMillis("journalRetention", options.journalRetention(), json);
    putMillis("idempotencyRetention", options.idempotencyRetention(), json);
    if (options.lazyState()) {
      json.put("enableLazyState", true);
    }
    if (options.ingressPrivate()) {
      json.put("ingressPrivate", true);
    }
    if (version >= RETRY_SINCE) {
      retry(options.retry(), json);
    }
  }

  /** Only the handler that runs once per key may carry it. */
  private static void workflowRetention(@Nullable Options options, Map<String, Object> json) {
    if (options != null) {
      putMillis("workflowCompletionRetention", options.workflowRetention(), json);
    }
  }

  private static void retry(Options.Retry retry, Map<String, Object> json) {
    putMillis("retryPolicyInitialInterval", retry.initialInterval(), json);
    putMillis("retryPolicyMaxInterval", retry.maxInterval(), json);
    if (retry.maxAttempts() > 0) {
      json.put("retryPolicyMaxAttempts", retry.maxAttempts());
    }
    if (retry.factor() > 0) {
      json.put("retryPolicyExponentiationFactor", retry.factor());
    }
    switch (retry.onMaxAttempts()) {
      case UNSPECIFIED -> {}
      case PAUSE, KILL -> json.put("retryPolicyOnMaxAttempts", retry.onMaxAttempts().name());
    }
  }

  private static void putMillis(String key, String duration, Map<String, Object> json) {
    if (!duration.isEmpty()) {
      json.put(key, parse(duration).toMillis());
    }
  }

  /** Throws with what was expected. */
  static Duration parse(String duration) {
    try {
      return Duration.parse(duration.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "Expected a duration such as PT30S, but got \"%s\"".formatted(duration), e);
    }
  }

  /**
   * The newest manifest version that an {@code accept} header names; 0 when we write none of them.
   */
  public static int negotiate(List<String> accepted) {
    for (int version = MAX_VERSION; version >= MIN_VERSION; version--) {
      String type = contentType(version);
      for (String header : accepted) {
        for (String part : header.split(",", -1)) {
          if (part.trim().equals(type)) {
            return version;
          }
        }
      }
    }
    return 0;
  }

  public static String contentType(int version) {
    return "application/vnd.restate.endpointmanifest.v" + version + "+json";
  }
}
