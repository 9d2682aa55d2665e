package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Outcome;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.Sdk;
import dev.reprise.conformance.World;
import java.util.List;
import java.util.Map;

/** Requests and answers. */
final class BasicRows {
  private static final String FEATURE = "request";

  private BasicRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "a handler answers with what it was given", BasicRows::echo),
        Row.of(FEATURE, "an answer may be nothing", BasicRows::nothing),
        Row.of(FEATURE, "headers reach the handler", BasicRows::headers),
        Row.of(FEATURE, "a terminal error is the answer, with its code", BasicRows::error),
        Row.of(FEATURE, "a terminal error carries metadata", BasicRows::metadata)
            .only(Sdk.TYPESCRIPT),
        Row.of(FEATURE, "an unknown handler is refused", BasicRows::unknown),
        Row.of(FEATURE, "a private handler is for handlers only", BasicRows::hidden),
        Row.of(FEATURE, "a service is made private and public at run time", BasicRows::door));
  }

  private static void echo(World world) throws Exception {
    Map<String, Object> value = Map.of("deep", List.of(1, "zwei", true), "empty", Map.of());

    assertThat(world.ask("Basic/echo", value)).isEqualTo(World.json(value));
    assertThat(world.ask("Basic/greet", "Zoë").asString()).isEqualTo("Hello Zoë");
  }

  private static void nothing(World world) throws Exception {
    assertThat(world.ask("Basic/nothing", null).isNull()).isTrue();
  }

  private static void headers(World world) throws Exception {
    Outcome seen = world.door().call(Ask.of("Basic/headers", null).header("x-mine", "yes"));

    assertThat(seen.expectValue().path("x-mine").asString("")).isEqualTo("yes");
  }

  private static void error(World world) throws Exception {
    Outcome error = world.call("Basic/fail", Map.of("message", "I am a teapot", "code", 418));

    assertThat(error.expectError(418).message()).isEqualTo("I am a teapot");
    assertThat(error.id()).startsWith("inv_");
  }

  private static void metadata(World world) throws Exception {
    var how = Map.of("message", "no", "code", 409, "metadata", Map.of("reason", "taken"));

    Outcome error = world.call("Basic/fail", how).expectError(409);

    assertThat(error.metadata()).containsEntry("reason", "taken");
  }

  private static void unknown(World world) throws Exception {
    world.call("Basic/" + world.fresh("unknown"), null).expectError(Outcome.NOT_FOUND);
    world.call(world.fresh("Unknown") + "/greet", null).expectError(Outcome.NOT_FOUND);
  }

  private static void hidden(World world) throws Exception {
    world.call("Basic/hidden", null).expectError(400);

    assertThat(world.ask("Basic/callHidden", null).asString()).isEqualTo("seen");
  }

  private static void door(World world) throws Exception {
    assertThat(world.ask("Door/knock", null).asString()).isEqualTo("come in");

    world.admin("PATCH", "services/Door", Map.of("public", false)).expectStatus(200);
    world.eventually(() -> world.call("Door/knock", null).expectError(400));

    world.admin("PATCH", "services/Door", Map.of("public", true)).expectStatus(200);
    world.eventually(() -> world.ask("Door/knock", null));
  }
}
