package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Row;
import dev.reprise.conformance.World;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** New invocations out of what ended ones had. */
final class RestartRows {
  private static final String FEATURE = "restart";

  /** The input, and the first step with its result. */
  private static final int FIRST_STEP = 2;

  private RestartRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "a completed one is restarted as new", RestartRows::restarted),
        Row.of(FEATURE, "it keeps the steps of a piece of the journal", RestartRows::prefix),
        Row.of(FEATURE, "more than the journal has is refused", RestartRows::beyond),
        Row.of(FEATURE, "a workflow is not restarted", RestartRows::workflow),
        Row.of(FEATURE, "many are restarted at once", RestartRows::batch));
  }

  private static void restarted(World world) throws Exception {
    String subject = world.fresh("again");
    String id = world.send("Basic/note", Map.of("subject", subject, "effect", "noted"));
    world.attach(id).expectValue();

    var answer = world.patch(id, "restart-as-new").expectStatus(200).json();

    String other = answer.required("new_invocation_id").asString();
    assertThat(other).isNotEqualTo(id);
    assertThat(world.attach(other).expectText()).isEqualTo("noted");
    world.expectTimes(subject, 2);
    assertThat(world.output(id).expectText()).isEqualTo("noted");
  }

  private static void prefix(World world) throws Exception {
    String subject = world.fresh("once");
    String id = world.send("Steps/once", subject);
    JsonNode first = world.attach(id).expectValue();

    var answer = world.patch(id, "restart-as-new?from=" + FIRST_STEP).expectStatus(200).json();

    String other = answer.required("new_invocation_id").asString();
    // Each step says how often it happened: the first one's result is the old one.
    JsonNode counts = world.attach(other).expectValue();
    if (world.leadersMayChange()) {
      assertThat(counts.path(0)).isEqualTo(first.path(0));
    } else {
      assertThat(counts).isEqualTo(World.json(List.of(1, 2, 2)));
    }
    assertThat(world.effects(subject)).containsExactly("one", "two", "three", "two", "three");
  }

  private static void beyond(World world) throws Exception {
    String id = world.send("Basic/greet", "Ada");
    world.attach(id).expectValue();

    world.patch(id, "restart-as-new?from=1000").expectStatus(400);
    world.patch(id, "restart-as-new?from=nowhere").expectStatus(400);
  }

  private static void workflow(World world) throws Exception {
    String key = world.fresh("brief");
    String flow = "Flow/" + key;
    world.ask(flow + "/resolve", "early");
    String id = world.call(flow + "/run", key).id();

    world.patch(id, "restart-as-new").expectStatus(422);
  }

  private static void batch(World world) throws Exception {
    String one = world.send("Basic/greet", "Ada");
    String two = world.send("Basic/greet", "Bob");
    world.attach(one).expectValue();
    world.attach(two).expectValue();

    var answer =
        world
            .admin(
                "POST",
                "internal/invocations_batch_operations/restart-as-new",
                Map.of("invocation_ids", List.of(one, two)))
            .expectStatus(200)
            .json();

    for (var made : answer.required("succeeded")) {
      String greeting = made.required("old_invocation_id").asString().equals(one) ? "Ada" : "Bob";
      assertThat(world.attach(made.required("new_invocation_id").asString()).expectText())
          .isEqualTo("Hello " + greeting);
    }
    assertThat(answer.required("succeeded")).hasSize(2);
  }
}
