package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Row;
import dev.reprise.conformance.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Steps, chance and sleep. */
final class StepRows {
  private static final String FEATURE = "step";

  private StepRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "each is executed once, in order", StepRows::once),
        Row.of(FEATURE, "a retried handler does not repeat its steps", StepRows::stumble),
        Row.of(FEATURE, "one that fails is retried by its own policy", StepRows::retried),
        Row.of(FEATURE, "one that keeps failing ends with its policy", StepRows::givenUp),
        Row.of(FEATURE, "a terminal error of one can be caught", StepRows::terminal),
        Row.of(FEATURE, "chance is the same in each attempt", StepRows::chance),
        Row.of(FEATURE, "sleep lasts at least as long as asked", StepRows::sleep));
  }

  private static void once(World world) throws Exception {
    String subject = world.fresh("once");

    JsonNode counts = world.ask("Steps/once", subject);

    if (world.leadersMayChange()) {
      assertThat(counts).hasSize(3);
    } else {
      assertThat(counts).isEqualTo(World.json(List.of(1, 1, 1)));
    }
    assertThat(world.effects(subject)).containsExactly("one", "two", "three");
  }

  private static void stumble(World world) throws Exception {
    String subject = world.fresh("stumble");

    assertThat(world.ask("Steps/stumble", subject).asString()).isEqualTo("arrived");

    List<String> traces = world.outside().traces(subject);
    assertThat(traces).filteredOn("attempt"::equals).hasSizeGreaterThanOrEqualTo(4);
    assertThat(world.effects(subject, it -> !it.equals("attempt")))
        .containsExactly("step 1", "step 2", "step 3");
  }

  private static void retried(World world) throws Exception {
    var how = Map.of("subject", world.fresh("retried"), "failures", 2, "attempts", 5);

    int executions = world.ask("Steps/retries", how).asInt();

    assertThat(executions).isGreaterThanOrEqualTo(3);
    assertThat(world.leadersMayChange() || executions == 3).isTrue();
  }

  private static void givenUp(World world) throws Exception {
    String subject = world.fresh("given-up");
    var how = Map.of("subject", subject, "failures", 100, "attempts", 3);

    var error = world.call("Steps/retries", how).expectError(500);

    assertThat(error.message())
        .contains("failed " + world.outside().traces(subject).size() + " times");
    world.expectTimes(subject, 3);
  }

  private static void terminal(World world) throws Exception {
    var how = Map.of("message", "not this way", "code", 422);

    assertThat(world.ask("Steps/terminal", how)).isEqualTo(World.json(how));
  }

  private static void chance(World world) throws Exception {
    String subject = world.fresh("draw");

    String drawn = world.ask("Steps/draw", subject).asString();

    List<String> traces = world.outside().traces(subject);
    assertThat(traces).filteredOn("attempt"::equals).hasSizeGreaterThanOrEqualTo(2);
    assertThat(new HashSet<>(traces)).containsExactlyInAnyOrder("attempt", drawn);
    assertThat(world.ask("Steps/draw", world.fresh("draw")).asString()).isNotEqualTo(drawn);
  }

  private static void sleep(World world) throws Exception {
    long startedAt = System.nanoTime();

    assertThat(world.ask("Steps/nap", 500).asString()).isEqualTo("rested");

    // The server's clock may count whole milliseconds differently from ours.
    assertThat(Duration.ofNanos(System.nanoTime() - startedAt))
        .isGreaterThan(Duration.ofMillis(498));
  }
}
