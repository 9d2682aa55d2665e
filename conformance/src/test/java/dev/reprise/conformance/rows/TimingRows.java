package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.Sdk;
import dev.reprise.conformance.World;
import java.time.Duration;
import java.util.List;

/** Timeouts, retentions and retry policies: of a service, and of handlers that say otherwise. */
final class TimingRows {
  private static final String TIMEOUT = "timeout";
  private static final String RETRY = "retry";

  private TimingRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(RETRY, "the service's policy holds for its handlers", TimingRows::ofService),
        Row.of(RETRY, "one that backs off goes on when it is resumed", TimingRows::backingOff),
        Row.of(RETRY, "what the code asks to wait for is waited, and counted", TimingRows::asking)
            .only(Sdk.TYPESCRIPT),
        Row.of(TIMEOUT, "a handler that only waits is put away as it says", TimingRows::inactive),
        Row.of(TIMEOUT, "a handler that heeds nothing is aborted and retried", TimingRows::aborted),
        Row.of(TIMEOUT, "a journal is forgotten before its outcome", TimingRows::unrecorded));
  }

  private static void ofService(World world) throws Exception {
    String subject = world.fresh("weak");

    world.call("Timing/weak", subject).expectError(500);

    world.expectTimes(subject, 2);
  }

  private static void backingOff(World world) throws Exception {
    String subject = world.fresh("slow");
    String id = world.send("Timing/slow", subject);
    world.awaitStatus(id, "backing-off");
    world.outside().raise(subject);

    world.patch(id, "resume").expectStatus(200);

    assertThat(world.attach(id).expectText()).isEqualTo("mended");
    world.expectTimes(subject, 2);
    assertThat(world.status(id)).isEqualTo("completed");
  }

  private static void asking(World world) throws Exception {
    String subject = world.fresh("asking");
    long startedAt = System.nanoTime();

    var error = world.call("Timing/asking", subject).expectError(500);

    assertThat(error.message())
        .contains("failed " + world.outside().traces(subject).size() + " times");
    world.expectTimes(subject, 3);
    // Twice 200 ms; the server's clock may count whole milliseconds differently from ours.
    assertThat(Duration.ofNanos(System.nanoTime() - startedAt))
        .isGreaterThan(Duration.ofMillis(396));
  }

  private static void inactive(World world) throws Exception {
    String subject = world.fresh("idle");
    String id = world.send("Timing/idle", subject);
    String awakeable = world.outside().awaitTrace(subject);

    world.awaitStatus(id, "suspended");
    world.door().resolveAwakeable(awakeable, World.json("back"));

    assertThat(world.attach(id).expectText()).isEqualTo("back");
    assertThat(world.effects(subject)).containsExactly(awakeable);
  }

  private static void aborted(World world) throws Exception {
    String subject = world.fresh("stuck");
    var answer = world.calling(Ask.of("Timing/stuck", subject));

    // On a busy machine the second one may be aborted, too.
    int attempts = answer.join().expectValue().asInt();

    assertThat(attempts).isGreaterThan(1);
    world.expectTimes(subject, attempts);
    // The first attempt still hangs, and nobody listens to it any more.
    world.outside().raise(subject);
  }

  private static void unrecorded(World world) throws Exception {
    String id = world.send("Timing/unrecorded", "kept");
    world.attach(id).expectValue();

    // Before that each question makes a new invocation, which does no harm.
    world.eventually(() -> world.patch(id, "restart-as-new").expectStatus(410));

    assertThat(world.output(id).expectText()).isEqualTo("kept");
  }
}
