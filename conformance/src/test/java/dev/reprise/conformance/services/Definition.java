package dev.reprise.conformance.services;

import dev.restate.common.Request;
import dev.restate.common.Target;
import dev.restate.common.function.ThrowingBiFunction;
import dev.restate.sdk.Context;
import dev.restate.sdk.HandlerRunner;
import dev.restate.sdk.endpoint.definition.HandlerDefinition;
import dev.restate.sdk.endpoint.definition.HandlerType;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import dev.restate.sdk.endpoint.definition.ServiceType;
import dev.restate.serde.Serde;
import dev.restate.serde.SerdeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** One service of the official SDK, put together by hand; every request and answer is JSON. */
final class Definition {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** JSON; nothing at all is read as null. */
  static final Serde<JsonNode> JSON =
      Serde.using(
          "application/json",
          MAPPER::writeValueAsBytes,
          bytes -> bytes.length == 0 ? NullNode.getInstance() : MAPPER.readTree(bytes));

  private final String name;
  private final ServiceType type;
  private final List<HandlerDefinition<?, ?>> handlers = new ArrayList<>();

  private Definition(String name, ServiceType type) {
    this.name = name;
    this.type = type;
  }

  static Definition service(String name) {
    return new Definition(name, ServiceType.SERVICE);
  }

  static Definition object(String name) {
    return new Definition(name, ServiceType.VIRTUAL_OBJECT);
  }

  static Definition workflow(String name) {
    return new Definition(name, ServiceType.WORKFLOW);
  }

  /** Adds a handler of a plain service, or a shared one. */
  <C extends Context> Definition shared(
      String handler, ThrowingBiFunction<C, JsonNode, Object> body) {
    return add(handler, HandlerType.SHARED, body);
  }

  <C extends Context> Definition exclusive(
      String handler, ThrowingBiFunction<C, JsonNode, Object> body) {
    return add(handler, HandlerType.EXCLUSIVE, body);
  }

  <C extends Context> Definition run(ThrowingBiFunction<C, JsonNode, Object> body) {
    return add("run", HandlerType.WORKFLOW, body);
  }

  private <C extends Context> Definition add(
      String handler, HandlerType kind, ThrowingBiFunction<C, JsonNode, Object> body) {
    HandlerRunner<JsonNode, JsonNode> runner =
        HandlerRunner.of(
            (C ctx, JsonNode input) -> json(body.apply(ctx, input)),
            SerdeFactory.NOOP,
            HandlerRunner.Options.DEFAULT);
    handlers.add(HandlerDefinition.of(handler, kind, JSON, JSON, runner));
    return this;
  }

  /** Configures the handler that was added last. */
  Definition with(Consumer<HandlerDefinition.Configurator> options) {
    handlers.add(handlers.removeLast().configure(options));
    return this;
  }

  ServiceDefinition build() {
    return ServiceDefinition.of(name, type, handlers);
  }

  static JsonNode json(Object value) {
    return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
  }

  /** A request to a handler of a plain service. */
  static Request<JsonNode, JsonNode> to(String service, String handler, Object input) {
    return Request.of(Target.service(service, handler), JSON, JSON, json(input)).build();
  }

  /** The value of a field that must be there. */
  static String text(JsonNode input, String field) {
    return input.required(field).asString();
  }
}
