package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.Sdk;
import dev.reprise.conformance.Setting;
import dev.reprise.conformance.World;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** How many of a scope run at once; what handlers see of scopes, and how they call into them. */
final class LimitRows {
  private static final String FEATURE = "limits";
  private static final int MANY = 6;

  private LimitRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "no more of a scope run at once than its rule says", LimitRows::scope),
        Row.of(FEATURE, "a limit key has a limit of its own", LimitRows::limitKey),
        Row.of(FEATURE, "a limit key without a scope is refused", LimitRows::noScope),
        ofHandlers("a handler is told its scope and its limit key", LimitRows::told),
        ofHandlers("a handler calls into a scope", LimitRows::calls),
        ofHandlers("what handlers call counts for the limits of its scope", LimitRows::crowd),
        ofHandlers("one idempotency key is one invocation in each scope", LimitRows::keys),
        ofHandlers("one key of a workflow is one workflow in each scope", LimitRows::flows));
  }

  /** The Java SDK has no words for scopes, and versions before 7 do not carry them. */
  private static Row ofHandlers(String promise, Row.Story story) {
    return Row.of(FEATURE, promise, story).only(Sdk.TYPESCRIPT).onlyIn(Setting.SEVEN);
  }

  /** A scope that nobody had, with these limits. */
  private static String limited(World world, Map<String, Integer> below) throws IOException {
    // At most 36 characters.
    String scope = world.fresh("s");
    for (Map.Entry<String, Integer> limit : below.entrySet()) {
      world
          .admin(
              "PUT",
              "limits/rules",
              List.of(
                  Map.of(
                      "pattern",
                      scope + limit.getKey(),
                      "limits",
                      Map.of("concurrency", limit.getValue()))))
          .expectStatus(200);
    }
    return scope;
  }

  private static void scope(World world) throws Exception {
    String scope = limited(world, Map.of("", 2));
    String subject = world.fresh("busy");
    Ask busy = Ask.of("Basic/busy", Map.of("subject", subject)).in(scope, null);

    var calls = IntStream.range(0, MANY).mapToObj(n -> world.calling(busy)).toList();

    calls.forEach(it -> it.join().expectValue());
    world.expectTimes(subject, 2 * MANY);
    expectAtOnce(world, subject, MANY, 2);
  }

  private static void limitKey(World world) throws Exception {
    String scope = limited(world, Map.of("/*", 1));
    String subject = world.fresh("busy");

    var calls =
        IntStream.range(0, MANY)
            .mapToObj(
                n ->
                    world.calling(
                        Ask.of("Basic/busy", Map.of("subject", subject + n % 2))
                            .in(scope, n % 2 == 0 ? "even" : "odd/n" + n)))
            .toList();

    calls.forEach(it -> it.join().expectValue());
    expectAtOnce(world, subject + 0, MANY / 2, 1);
    expectAtOnce(world, subject + 1, MANY / 2, 1);
  }

  /**
   * Never more than so many of these calls. Where a leader moves, what the service does for an
   * attempt that was cut off may go on beside the attempt that takes its place: each such one may
   * have run beside the others.
   */
  private static void expectAtOnce(World world, String subject, int calls, int limit) {
    List<String> traces = world.outside().traces(subject);
    int again = world.leadersMayChange() ? Math.ceilDiv(traces.size() - 2 * calls, 2) : 0;
    assertThat(atOnce(traces)).as("at once, of %s", traces).isLessThanOrEqualTo(limit + again);
  }

  private static int atOnce(List<String> traces) {
    int now = 0;
    int most = 0;
    for (String trace : traces) {
      now += trace.equals("in") ? 1 : -1;
      most = Math.max(most, now);
    }
    return most;
  }

  private static void told(World world) throws Exception {
    String scope = world.fresh("s");
    Ask where = Ask.of("Basic/where", null);

    JsonNode there = world.door().call(where.in(scope, "web/ada")).expectValue();
    JsonNode broad = world.door().call(where.in(scope, null)).expectValue();
    JsonNode nowhere = world.door().call(where).expectValue();

    assertThat(there).isEqualTo(World.json(Map.of("scope", scope, "limitKey", "web/ada")));
    assertThat(broad.required("scope").asString()).isEqualTo(scope);
    assertThat(broad.required("limitKey").isNull()).isTrue();
    assertThat(nowhere.required("scope").isNull()).isTrue();
  }

  private static void calls(World world) throws Exception {
    Map<String, String> there = Map.of("scope", world.fresh("s"), "limitKey", "web/ada");

    assertThat(world.ask("Caller/within", there)).isEqualTo(World.json(there));
  }

  private static void crowd(World world) throws Exception {
    String scope = limited(world, Map.of("", 2));
    String subject = world.fresh("busy");

    world.ask("Caller/crowd", Map.of("scope", scope, "subject", subject, "calls", 4, "sends", 2));

    world.eventually(() -> assertThat(world.outside().traces(subject)).hasSize(2 * MANY));
    expectAtOnce(world, subject, MANY, 2);
  }

  private static void keys(World world) throws Exception {
    String subject = world.fresh("note");
    String one = world.fresh("s");
    String other = world.fresh("s");

    JsonNode ids =
        world.ask(
            "Caller/inScopes",
            Map.of("subject", subject, "key", "k", "scopes", List.of(one, other, one)));

    assertThat(ids.get(0)).isEqualTo(ids.get(2)).isNotEqualTo(ids.get(1));
    assertThat(world.outside().traces(subject)).hasSize(2);
  }

  private static void flows(World world) throws Exception {
    String one = world.fresh("s");
    String other = world.fresh("s");
    String key = world.fresh("flow");
    Ask resolve = Ask.of("Flow/" + key + "/resolve", "this one");

    world.door().send(Ask.of("Flow/" + key + "/run", key).in(other, null));
    var run = world.calling(Ask.of("Starter/within", Map.of("scope", one, "key", key)));
    world.eventually(() -> assertThat(world.outside().traces(key)).hasSize(2));
    world.door().call(resolve.in(one, null)).expectValue();

    assertThat(run.join().expectText()).isEqualTo("got this one");
    JsonNode still =
        world.door().call(Ask.of("Flow/" + key + "/status", null).in(other, null)).expectValue();
    assertThat(still.asString()).isEqualTo("waiting");
  }

  private static void noScope(World world) throws Exception {
    world.door().call(Ask.of("Basic/greet", "Ada").in(null, "a")).expectError(400);
  }
}
