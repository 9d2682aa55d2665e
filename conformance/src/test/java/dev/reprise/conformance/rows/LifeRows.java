package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Outcome;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.World;
import java.util.List;
import java.util.Map;

/** What an operator does with invocations, and what retries end with. */
final class LifeRows {
  private static final String FEATURE = "operation";
  private static final String RETRY = "retry";

  private LifeRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(RETRY, "a failing handler is retried until it succeeds", LifeRows::retried),
        Row.of(RETRY, "the last attempt pauses; resumed it goes on", LifeRows::pausedByRetries),
        Row.of(RETRY, "the last attempt kills", LifeRows::killedByRetries),
        Row.of(FEATURE, "a paused one waits until it is resumed", LifeRows::paused),
        Row.of(FEATURE, "a paused one can be killed", LifeRows::pausedThenKilled),
        Row.of(FEATURE, "a running one is not restarted, nor purged", LifeRows::refused),
        Row.of(FEATURE, "a purged one is forgotten", LifeRows::purged),
        Row.of(FEATURE, "a purged journal leaves the outcome", LifeRows::purgedJournal),
        Row.of(FEATURE, "many are cancelled at once", LifeRows::batch),
        Row.of(FEATURE, "many are paused and resumed at once", LifeRows::batchOfPauses),
        Row.of(FEATURE, "many are killed and purged at once", LifeRows::batchOfEnds),
        Row.of(FEATURE, "an unknown id is refused", LifeRows::unknown));
  }

  private static void retried(World world) throws Exception {
    String subject = world.fresh("patient");
    String id = world.send("Steps/patient", subject);
    world.outside().awaitTraces(subject, 3);

    world.outside().raise(subject);

    assertThat(world.attach(id).expectText()).isEqualTo("mended");
  }

  private static void pausedByRetries(World world) throws Exception {
    String subject = world.fresh("pausing");
    String id = world.send("Steps/pausing", subject);

    world.awaitStatus(id, "paused");

    world.expectTimes(subject, 3);
    world.outside().raise(subject);
    world.patch(id, "resume").expectStatus(200);
    assertThat(world.attach(id).expectText()).isEqualTo("mended");
    world.expectTimes(subject, 4);
  }

  private static void killedByRetries(World world) throws Exception {
    String subject = world.fresh("dying");

    String message = world.call("Steps/dying", subject).expectError(500).message();

    assertThat(message).contains("broken");
    world.expectTimes(subject, 3);
  }

  private static void paused(World world) throws Exception {
    String subject = world.fresh("patient");
    String id = world.send("Steps/patient", subject);
    world.outside().awaitTrace(subject);

    assertThat(world.patch(id, "pause").status()).isIn(200, 202);
    world.awaitStatus(id, "paused");
    world.outside().raise(subject);
    world.patch(id, "pause").expectStatus(200);
    world.output(id).expectError(Outcome.NOT_READY);

    world.patch(id, "resume").expectStatus(200);
    assertThat(world.attach(id).expectText()).isEqualTo("mended");
  }

  private static void pausedThenKilled(World world) throws Exception {
    String subject = world.fresh("patient");
    String id = world.send("Steps/patient", subject);
    world.outside().awaitTrace(subject);
    world.patch(id, "pause");
    world.awaitStatus(id, "paused");

    world.patch(id, "kill").expectStatus(200);

    world.attach(id).expectError(Outcome.CONFLICT);
  }

  private static void refused(World world) throws Exception {
    String subject = world.fresh("wait");
    String id = world.send("Waiter/wait", subject);
    String awakeable = world.outside().awaitTrace(subject);

    world.patch(id, "restart-as-new").expectStatus(409);
    world.patch(id, "purge").expectStatus(409);
    world.patch(id, "purge-journal").expectStatus(409);

    world.door().resolveAwakeable(awakeable, World.json("unharmed"));
    assertThat(world.attach(id).expectText()).isEqualTo("unharmed");
  }

  private static void purged(World world) throws Exception {
    String id = world.send("Basic/greet", "Ada");
    world.attach(id).expectValue();

    world.patch(id, "purge").expectStatus(200);

    world.output(id).expectError(Outcome.NOT_FOUND);
    world.patch(id, "purge").expectStatus(404);
  }

  private static void purgedJournal(World world) throws Exception {
    String id = world.send("Basic/greet", "Ada");
    world.attach(id).expectValue();

    world.patch(id, "purge-journal").expectStatus(200);

    assertThat(world.output(id).expectText()).isEqualTo("Hello Ada");
    world.patch(id, "restart-as-new").expectStatus(410);
  }

  private static void batch(World world) throws Exception {
    String one = world.fresh("wait");
    String two = world.fresh("wait");
    List<String> ids = List.of(world.send("Waiter/wait", one), world.send("Waiter/wait", two));
    world.outside().awaitTrace(one);
    world.outside().awaitTrace(two);

    together(world, "cancel", ids);

    for (String id : ids) {
      world.attach(id).expectError(Outcome.CONFLICT);
    }
  }

  private static void batchOfEnds(World world) throws Exception {
    String one = world.fresh("wait");
    String two = world.fresh("wait");
    List<String> ids = List.of(world.send("Waiter/wait", one), world.send("Waiter/wait", two));
    world.outside().awaitTrace(one);
    world.outside().awaitTrace(two);

    together(world, "kill", ids);
    for (String id : ids) {
      world.attach(id).expectError(Outcome.CONFLICT);
    }
    together(world, "purge", ids);

    for (String id : ids) {
      world.output(id).expectError(Outcome.NOT_FOUND);
    }
  }

  private static void batchOfPauses(World world) throws Exception {
    String one = world.fresh("patient");
    String two = world.fresh("patient");
    List<String> ids = List.of(world.send("Steps/patient", one), world.send("Steps/patient", two));
    world.outside().awaitTrace(one);
    world.outside().awaitTrace(two);

    together(world, "pause", ids);
    ids.forEach(id -> world.awaitStatus(id, "paused"));
    world.outside().raise(one);
    world.outside().raise(two);
    together(world, "resume", ids);

    for (String id : ids) {
      assertThat(world.attach(id).expectText()).isEqualTo("mended");
    }
  }

  private static void together(World world, String operation, List<String> ids) throws Exception {
    var answer =
        world
            .admin(
                "POST",
                "internal/invocations_batch_operations/" + operation,
                Map.of("invocation_ids", ids))
            .expectStatus(200)
            .json();

    assertThat(answer.required("succeeded").valueStream().map(it -> it.asString()))
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  private static void unknown(World world) throws Exception {
    String purged = world.send("Basic/greet", "Ada");
    world.attach(purged).expectValue();
    world.patch(purged, "purge").expectStatus(200);

    for (String operation : List.of("cancel", "kill", "pause", "resume", "restart-as-new")) {
      assertThat(world.patch(purged, operation).status()).as(operation).isEqualTo(404);
    }
    world.patch("inv_nonsense", "cancel").expectStatus(400);
  }
}
