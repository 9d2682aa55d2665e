package dev.reprise.server.gateway;

import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An invocation named in a JSON body: by its id, or by what its id is made of.
 *
 * @param workflow whether the name is a workflow's
 */
record NamedTarget(InvocationId id, boolean workflow) {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static NamedTarget parse(byte[] body) {
    if (body.length > MAX_BODY_BYTES) {
      throw new Refused(400, "Expected a target of at most " + MAX_BODY_BYTES + " bytes");
    }
    JsonNode json = json(body);
    String target = text(json, "target");
    refuseScope(json);
    return switch (target) {
      case "invocation" -> new NamedTarget(id(text(json, "invocationId")), false);
      case "workflow" ->
          new NamedTarget(
              InvocationIds.named(
                  new InvocationTarget(
                      text(json, "workflowName"),
                      text(json, "workflowKey"),
                      "run",
                      HandlerKind.WORKFLOW_RUN),
                  ""),
              true);
      case "idempotentInvocation" -> new NamedTarget(idempotent(json), false);
      default ->
          throw new Refused(
              400,
              "Expected target to be invocation, idempotentInvocation or workflow, but got '"
                  + target
                  + "'");
    };
  }

  /** Reads an id of a path or a body. */
  static InvocationId id(String text) {
    try {
      return InvocationId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "bad invocation id: " + e.getMessage());
    }
  }

  /** The id of a request with an idempotency key. */
  static InvocationId idempotent(
      boolean keyed, String service, String key, String handler, String idempotencyKey) {
    if (idempotencyKey.isEmpty()) {
      throw new Refused(400, "Expected an idempotency key that is not empty");
    }
    HandlerKind kind = keyed ? HandlerKind.EXCLUSIVE : HandlerKind.PLAIN;
    return InvocationIds.named(new InvocationTarget(service, key, handler, kind), idempotencyKey);
  }

  private static InvocationId idempotent(JsonNode json) {
    boolean keyed = json.hasNonNull("key");
    return idempotent(
        keyed,
        text(json, "service"),
        keyed ? text(json, "key") : "",
        text(json, "handler"),
        text(json, "idempotencyKey"));
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JacksonException e) {
      throw new Refused(400, "Expected a JSON object, but " + e.getOriginalMessage());
    }
    throw new Refused(400, "Expected a JSON object that names a target");
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null || !value.isString()) {
      throw new Refused(400, "Expected a string in the field '" + field + "'");
    }
    return value.stringValue();
  }

  private static void refuseScope(JsonNode json) {
    if (json.hasNonNull("scope")) {
      throw new Refused(400, "scopes are not supported yet by this version");
    }
  }
}
