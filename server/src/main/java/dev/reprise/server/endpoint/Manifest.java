package dev.reprise.server.endpoint;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.storage.model.HandlerKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads an endpoint's manifest. All its versions are read alike: each key is taken under each
 * version, and an unknown one is an error.
 */
final class Manifest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern SERVICE_NAME =
      Pattern.compile("([a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9._-]*");
  private static final Pattern HANDLER_NAME =
      Pattern.compile("([a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9_]*");

  private Manifest() {}

  /**
   * Reads and checks a manifest.
   *
   * @param sdkVersion what the endpoint calls itself, or empty
   */
  static Discovered read(byte[] body, String sdkVersion) throws DiscoveryException {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JacksonException e) {
      throw DiscoveryException.unfit("Expected a manifest in JSON, but: " + e.getOriginalMessage());
    }
    JsonObject root = new JsonObject("manifest", tree);
    ProtocolMode mode = mode(root.text("protocolMode"));
    long min = version(root, "minProtocolVersion");
    long max = old(sdkVersion) ? 1 : version(root, "maxProtocolVersion");
    root.member("maxProtocolVersion");
    String compression = root.text("lambdaCompression");
    if (compression != null && !compression.equals("zstd")) {
      throw DiscoveryException.unfit("Expected lambdaCompression to be zstd");
    }
    requireCommonVersion(min, max);
    Map<String, ServiceRevision> services = new LinkedHashMap<>();
    for (JsonObject each : root.objects("services")) {
      ServiceRevision service = service(each);
      services.put(service.name(), service);
    }
    root.requireNothingElse();
    return new Discovered(
        mode,
        (int) min,
        (int) max,
        sdkVersion,
        compression != null,
        new ArrayList<>(services.values()));
  }

  private static ProtocolMode mode(@Nullable String text) throws DiscoveryException {
    return switch (text == null ? "" : text) {
      case "BIDI_STREAM" -> ProtocolMode.BIDI_STREAM;
      case "REQUEST_RESPONSE" -> ProtocolMode.REQUEST_RESPONSE;
      default ->
          throw DiscoveryException.malformed(
              "Expected protocolMode to be BIDI_STREAM or REQUEST_RESPONSE, but got " + text);
    };
  }

  private static long version(JsonObject root, String name) throws DiscoveryException {
    Long version = root.whole(name);
    if (version == null || version < 1 || version > Integer.MAX_VALUE) {
      throw DiscoveryException.malformed(
          "Expected " + name + " to be from 1 to 2147483647, but got " + version);
    }
    return version;
  }

  /** These say more than they can do. */
  private static boolean old(String sdkVersion) {
    return sdkVersion.startsWith("restate-sdk-typescript/1.0.")
        || sdkVersion.startsWith("restate-sdk-typescript/1.1.")
        || sdkVersion.startsWith("restate-sdk-typescript/1.2.");
  }

  private static void requireCommonVersion(long min, long max) throws DiscoveryException {
    boolean common = min <= ServiceProtocol.NEWEST && max >= ServiceProtocol.OLDEST;
    if (min > max && max > 1) {
      throw DiscoveryException.malformed(
          "Expected minProtocolVersion not to be above maxProtocolVersion, but got "
              + min
              + " and "
              + max);
    }
    if (!common || min > max) {
      throw new DiscoveryException(
          "META0012",
          500,
          "Expected an endpoint that speaks service protocol "
              + ServiceProtocol.OLDEST
              + " to "
              + ServiceProtocol.NEWEST
              + ", but this speaks "
              + min
              + " to "
              + max);
    }
  }

  private static ServiceRevision service(JsonObject object) throws DiscoveryException {
    String name = object.requiredText("name");
    requireName(SERVICE_NAME, name, "service");
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("restate") || lower.equals("openapi")) {
      throw new DiscoveryException(
          "META0005", 400, "Expected no reserved name for a service, but got '" + name + "'");
    }
    ServiceKind kind = kind(object);
    ServiceOptions options = options(object, null, object.millis("idempotencyRetention"));
    Map<String, HandlerRevision> handlers = new LinkedHashMap<>();
    for (JsonObject each : object.objects("handlers")) {
      HandlerRevision handler = handler(each, kind);
      if (Boolean.TRUE.equals(options.ingressPrivate())
          && Boolean.FALSE.equals(handler.options().ingressPrivate())) {
        throw DiscoveryException.refused(
            "Expected no public handler in the private service "
                + name
                + ", but got "
                + handler.name());
      }
      handlers.put(handler.name(), handler);
    }
    String documentation = text(object, "documentation");
    Map<String, String> metadata = object.texts("metadata");
    object.requireNothingElse();
    return new ServiceRevision(name, kind, 0, "", handlers, documentation, metadata, options);
  }

  private static ServiceKind kind(JsonObject object) throws DiscoveryException {
    String type = object.requiredText("ty");
    return switch (type) {
      case "SERVICE" -> ServiceKind.SERVICE;
      case "VIRTUAL_OBJECT" -> ServiceKind.VIRTUAL_OBJECT;
      case "WORKFLOW" -> ServiceKind.WORKFLOW;
      default ->
          throw DiscoveryException.unfit(
              "Expected " + object.where() + ".ty to be a type of service, but got " + type);
    };
  }

  private static HandlerRevision handler(JsonObject object, ServiceKind of)
      throws DiscoveryException {
    String name = object.requiredText("name");
    requireName(HANDLER_NAME, name, "handler");
    HandlerKind kind = handlerKind(object, of);
    Duration completion = object.millis("workflowCompletionRetention");
    if (completion != null && kind != HandlerKind.WORKFLOW_RUN) {
      throw DiscoveryException.refused(
          object.where()
              + ": Expected workflowCompletionRetention only on a workflow's run handler");
    }
    Duration idempotency = object.millis("idempotencyRetention");
    if (idempotency != null && kind == HandlerKind.WORKFLOW_RUN) {
      throw DiscoveryException.refused(
          object.where() + ": Expected no idempotencyRetention on a workflow's run handler");
    }
    ServiceOptions options = options(object, completion, idempotency);
    JsonObject input = object.object("input");
    JsonObject output = object.object("output");
    HandlerRevision handler =
        new HandlerRevision(
            name,
            kind,
            input == null ? "*/*" : input.text("contentType"),
            input != null && Boolean.TRUE.equals(input.truth("required")),
            schema(input),
            output == null ? "application/json" : output.text("contentType"),
            output != null && Boolean.TRUE.equals(output.truth("setContentTypeIfEmpty")),
            schema(output),
            text(object, "documentation"),
            object.texts("metadata"),
            options);
    for (JsonObject each : present(object, input, output)) {
      each.requireNothingElse();
    }
    return handler;
  }

  private static List<JsonObject> present(@Nullable JsonObject... objects) {
    List<JsonObject> present = new ArrayList<>();
    for (JsonObject each : objects) {
      if (each != null) {
        present.add(each);
      }
    }
    return present;
  }

  private static HandlerKind handlerKind(JsonObject object, ServiceKind of)
      throws DiscoveryException {
    String said = object.text("ty");
    String type = said == null ? "" : said;
    HandlerKind kind =
        switch (of) {
          case SERVICE ->
              switch (type) {
                case "", "SHARED" -> HandlerKind.PLAIN;
                default -> null;
              };
          case VIRTUAL_OBJECT ->
              switch (type) {
                case "", "EXCLUSIVE" -> HandlerKind.EXCLUSIVE;
                case "SHARED" -> HandlerKind.SHARED;
                default -> null;
              };
          case WORKFLOW ->
              switch (type) {
                case "WORKFLOW" -> HandlerKind.WORKFLOW_RUN;
                case "", "SHARED" -> HandlerKind.WORKFLOW_SHARED;
                default -> null;
              };
        };
    if (kind == null) {
      throw DiscoveryException.refused(
          object.where() + ": Expected a type that a " + of.text() + " may have, but got " + type);
    }
    return kind;
  }

  private static ServiceOptions options(
      JsonObject object, @Nullable Duration completion, @Nullable Duration idempotency)
      throws DiscoveryException {
    Long attempts = object.whole("retryPolicyMaxAttempts");
    return new ServiceOptions(
        object.millis("inactivityTimeout"),
        object.millis("abortTimeout"),
        object.millis("journalRetention"),
        idempotency,
        completion,
        object.truth("enableLazyState"),
        object.truth("ingressPrivate"),
        object.millis("retryPolicyInitialInterval"),
        object.millis("retryPolicyMaxInterval"),
        object.number("retryPolicyExponentiationFactor"),
        // The first attempt is made in any case; and with us 0 is without end.
        attempts == null ? null : (int) Math.clamp(attempts, 1L, Integer.MAX_VALUE),
        onMaxAttempts(object));
  }

  private static @Nullable OnMaxAttempts onMaxAttempts(JsonObject object)
      throws DiscoveryException {
    String text = object.text("retryPolicyOnMaxAttempts");
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "PAUSE" -> OnMaxAttempts.PAUSE;
      case "KILL" -> OnMaxAttempts.KILL;
      default ->
          throw DiscoveryException.unfit(
              object.where() + ": Expected retryPolicyOnMaxAttempts to be PAUSE or KILL");
    };
  }

  private static @Nullable String schema(@Nullable JsonObject of) {
    JsonNode schema = of == null ? null : of.member("jsonSchema");
    return schema == null ? null : schema.toString();
  }

  private static String text(JsonObject object, String name) throws DiscoveryException {
    String text = object.text(name);
    return text == null ? "" : text;
  }

  private static void requireName(Pattern pattern, String name, String what)
      throws DiscoveryException {
    if (!pattern.matcher(name).matches()) {
      throw DiscoveryException.unfit(
          "Expected the name of a " + what + " to match " + pattern + ", but got '" + name + "'");
    }
  }
}
