package dev.reprise.conformance.services;

import static dev.reprise.conformance.services.Definition.JSON;
import static dev.reprise.conformance.services.Definition.json;
import static dev.reprise.conformance.services.Definition.text;

import dev.restate.sdk.ObjectContext;
import dev.restate.sdk.SharedObjectContext;
import dev.restate.sdk.common.StateKey;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** State per key, and one exclusive handler at a time. */
final class StoreService {
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final Effects effects;

  private StoreService(Effects effects) {
    this.effects = effects;
  }

  static ServiceDefinition store(Effects effects) {
    StoreService it = new StoreService(effects);
    return Definition.object("Store")
        .<ObjectContext>exclusive("put", it::put)
        .<ObjectContext>exclusive("read", (ctx, name) -> get(ctx, name.asString()))
        .<ObjectContext>exclusive("names", (ctx, in) -> names(ctx))
        .<ObjectContext>exclusive("drop", it::drop)
        .<ObjectContext>exclusive("dropAll", it::dropAll)
        .<ObjectContext>exclusive("tour", it::tour)
        .<ObjectContext>exclusive("add", it::add)
        .<ObjectContext>exclusive("hold", it::hold)
        .<SharedObjectContext>shared("peek", (ctx, name) -> get(ctx, name.asString()))
        .build();
  }

  private static StateKey<JsonNode> key(String name) {
    return StateKey.of(name, JSON);
  }

  private static JsonNode get(SharedObjectContext ctx, String name) {
    return ctx.get(key(name)).orElse(NullNode.getInstance());
  }

  private static List<String> names(SharedObjectContext ctx) {
    return ctx.stateKeys().stream().sorted().toList();
  }

  private Object put(ObjectContext ctx, JsonNode in) {
    ctx.set(key(text(in, "name")), in.required("value"));
    return NullNode.getInstance();
  }

  private Object drop(ObjectContext ctx, JsonNode name) {
    ctx.clear(key(name.asString()));
    return NullNode.getInstance();
  }

  private Object dropAll(ObjectContext ctx, JsonNode in) {
    ctx.clearAll();
    return NullNode.getInstance();
  }

  private Object tour(ObjectContext ctx, JsonNode in) {
    List<Object> seen = new ArrayList<>();
    seen.add(get(ctx, "left"));
    seen.add(names(ctx));
    ctx.set(key("a"), json(1));
    ctx.set(key("b"), json(Map.of("deep", List.of(true, NullNode.getInstance()))));
    seen.add(get(ctx, "a"));
    seen.add(get(ctx, "b"));
    seen.add(names(ctx));
    ctx.clear(key("a"));
    seen.add(get(ctx, "a"));
    ctx.sleep(MOMENT);
    seen.add(get(ctx, "b"));
    seen.add(get(ctx, "left"));
    ctx.clearAll();
    seen.add(get(ctx, "left"));
    seen.add(names(ctx));
    ctx.set(key("after"), json("all"));
    return seen;
  }

  private Object add(ObjectContext ctx, JsonNode n) {
    int sum = get(ctx, "sum").asInt(0) + n.asInt();
    ctx.sleep(MOMENT);
    ctx.set(key("sum"), json(sum));
    return sum;
  }

  private Object hold(ObjectContext ctx, JsonNode subject) {
    var awakeable = ctx.awakeable(JSON);
    ctx.run("tell", () -> effects.trace(subject.asString(), awakeable.id()));
    return awakeable.await();
  }
}
