package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.server.text.Durations;
import dev.reprise.storage.model.HandlerKind;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Services and handlers as the admin API shows them. */
final class ServiceJson {
  private final ServiceOptions nodeDefaults;

  /**
   * Documents of a node.
   *
   * @param nodeDefaults what is in force where a service says nothing
   */
  ServiceJson(ServiceOptions nodeDefaults) {
    this.nodeDefaults = nodeDefaults;
  }

  /**
   * A service with all its handlers.
   *
   * @param neverWaits its attempts end when they have nothing more to do
   */
  ObjectNode service(ServiceRevision service, boolean neverWaits) {
    ObjectNode json = AdminJson.MAPPER.createObjectNode();
    ServiceOptions options = service.options().over(nodeDefaults);
    json.put("name", service.name()).put("ty", service.kind().text());
    ArrayNode handlers = json.putArray("handlers");
    for (HandlerRevision handler : new TreeMap<>(service.handlers()).values()) {
      handlers.add(handler(service, handler));
    }
    AdminJson.text(json, "documentation", service.documentation());
    AdminJson.map(json, "metadata", service.metadata());
    json.put("deployment_id", service.deploymentId()).put("revision", service.revision());
    json.put("public", !Boolean.TRUE.equals(options.ingressPrivate()));
    duration(json, "idempotency_retention", options.idempotencyRetention());
    if (service.kind() == ServiceKind.WORKFLOW) {
      duration(json, "workflow_completion_retention", completion(service, options));
    }
    duration(json, "journal_retention", options.journalRetention());
    duration(json, "inactivity_timeout", neverWaits ? Duration.ZERO : options.inactivityTimeout());
    duration(json, "abort_timeout", options.abortTimeout());
    json.put("enable_lazy_state", Boolean.TRUE.equals(options.lazyState()));
    retryPolicy(json, options);
    return json;
  }

  /** A manifest says this of the run handler. */
  private static @Nullable Duration completion(ServiceRevision service, ServiceOptions options) {
    for (HandlerRevision handler : service.handlers().values()) {
      if (handler.kind() == HandlerKind.WORKFLOW_RUN) {
        return handler.options().over(options).workflowCompletionRetention();
      }
    }
    return options.workflowCompletionRetention();
  }

  ObjectNode handler(ServiceRevision service, HandlerRevision handler) {
    ObjectNode json = AdminJson.MAPPER.createObjectNode().put("name", handler.name());
    ServiceOptions own = handler.options();
    AdminJson.text(json, "ty", kind(handler.kind()));
    AdminJson.text(json, "documentation", handler.documentation());
    AdminJson.map(json, "metadata", handler.metadata());
    duration(json, "idempotency_retention", own.idempotencyRetention());
    duration(json, "journal_retention", own.journalRetention());
    duration(json, "inactivity_timeout", own.inactivityTimeout());
    duration(json, "abort_timeout", own.abortTimeout());
    if (own.lazyState() != null) {
      json.put("enable_lazy_state", own.lazyState());
    }
    boolean hidden =
        Boolean.TRUE.equals(service.options().ingressPrivate())
            || Boolean.TRUE.equals(own.ingressPrivate());
    json.put("public", !hidden);
    JsonNode input = schema(handler.inputSchema());
    JsonNode output = schema(handler.outputSchema());
    json.put("input_description", description(handler.inputContentType(), input));
    json.put("output_description", description(handler.outputContentType(), output));
    if (input != null) {
      json.set("input_json_schema", input);
    }
    if (output != null) {
      json.set("output_json_schema", output);
    }
    retryPolicy(json, own);
    return json;
  }

  private static @Nullable String kind(HandlerKind kind) {
    return switch (kind) {
      case PLAIN -> null;
      case EXCLUSIVE -> "Exclusive";
      case SHARED, WORKFLOW_SHARED -> "Shared";
      case WORKFLOW_RUN -> "Workflow";
    };
  }

  private static void retryPolicy(ObjectNode json, ServiceOptions options) {
    ObjectNode policy = json.putObject("retry_policy");
    duration(policy, "initial_interval", options.retryInitialInterval());
    if (options.retryFactor() != null) {
      policy.put("exponentiation_factor", options.retryFactor());
    }
    Integer attempts = options.retryMaxAttempts();
    if (attempts == null || attempts == 0) {
      policy.putNull("max_attempts");
    } else {
      policy.put("max_attempts", attempts);
    }
    duration(policy, "max_interval", options.retryMaxInterval());
    OnMaxAttempts last = options.retryOnMaxAttempts();
    if (last != null) {
      policy.put("on_max_attempts", last == OnMaxAttempts.PAUSE ? "Pause" : "Kill");
    }
  }

  private static void duration(ObjectNode json, String field, @Nullable Duration duration) {
    if (duration != null) {
      json.put(field, Durations.format(duration));
    }
  }

  private static String description(@Nullable String contentType, @Nullable JsonNode schema) {
    if (schema == null) {
      return contentType == null ? "none" : contentType;
    }
    if (schema.path("title").isString()) {
      return "JSON '" + schema.path("title").stringValue() + "'";
    }
    JsonNode type = schema.path("type");
    return type.isString() ? "JSON " + type.stringValue() : "JSON";
  }

  private static @Nullable JsonNode schema(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return AdminJson.MAPPER.readTree(text);
    } catch (JacksonException e) {
      // Kept as the endpoint sent it; shown as text when it is no JSON.
      return AdminJson.MAPPER.getNodeFactory().stringNode(text);
    }
  }
}
