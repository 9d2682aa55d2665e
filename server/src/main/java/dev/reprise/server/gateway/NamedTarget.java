package dev.reprise.server.gateway;

import dev.reprise.server.ingress.Names;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.InvocationId;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An invocation named in a JSON body: by its id, or by what its id is made of. */
final class NamedTarget {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private NamedTarget() {}

  /** The id of what the body names. Throws {@link Refused}. */
  static InvocationId parse(byte[] body) {
    if (body.length > MAX_BODY_BYTES) {
      throw new Refused(
          Reason.MALFORMED_REQUEST, "Expected a target of at most " + MAX_BODY_BYTES + " bytes");
    }
    JsonNode json = json(body);
    String target = text(json, "target");
    String scope = json.hasNonNull("scope") ? Names.scope(text(json, "scope")) : "";
    return switch (target) {
      case "invocation" -> Names.id(text(json, "invocationId"));
      case "workflow" ->
          Names.workflow(text(json, "workflowName"), text(json, "workflowKey"), scope);
      case "idempotentInvocation" -> idempotent(json, scope);
      default ->
          throw new Refused(
              Reason.MALFORMED_REQUEST,
              "Expected target to be invocation, idempotentInvocation or workflow, but got '"
                  + target
                  + "'");
    };
  }

  private static InvocationId idempotent(JsonNode json, String scope) {
    boolean keyed = json.hasNonNull("key");
    return Names.idempotent(
        keyed,
        text(json, "service"),
        keyed ? text(json, "key") : "",
        text(json, "handler"),
        scope,
        text(json, "idempotencyKey"));
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JacksonException e) {
      throw new Refused(
          Reason.MALFORMED_REQUEST, "Expected a JSON object, but " + e.getOriginalMessage());
    }
    throw new Refused(Reason.MALFORMED_REQUEST, "Expected a JSON object that names a target");
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null || !value.isString()) {
      throw new Refused(Reason.MALFORMED_REQUEST, "Expected a string in the field '" + field + "'");
    }
    return value.stringValue();
  }
}
