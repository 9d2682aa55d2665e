package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Door.Accepted;
import dev.reprise.conformance.Door.Of;
import dev.reprise.conformance.Outcome;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Requests that are told apart by their idempotency key; sends, attach and output. */
final class IdempotencyRows {
  private static final String FEATURE = "idempotency";

  private IdempotencyRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "calls with one key are one invocation", IdempotencyRows::oneKey),
        Row.of(FEATURE, "a second send is told so", IdempotencyRows::secondSend),
        Row.of(FEATURE, "attach and output by key", IdempotencyRows::attachByKey),
        Row.of(FEATURE, "attach and output by id", IdempotencyRows::attachById),
        Row.of(FEATURE, "an outcome is forgotten after its retention", IdempotencyRows::retention),
        Row.of(FEATURE, "a delayed send starts when it is due", IdempotencyRows::delayed));
  }

  private static Ask note(String subject) {
    return Ask.of("Basic/note", Map.of("subject", subject, "effect", "noted"));
  }

  private static void oneKey(World world) throws Exception {
    String subject = world.fresh("note");
    Ask ask = note(subject).idempotencyKey(world.fresh("key"));

    var together = Stream.generate(() -> world.calling(ask)).limit(4).toList();
    List<Outcome> outcomes = together.stream().map(it -> it.join()).toList();
    Outcome late = world.door().call(ask);

    assertThat(outcomes).extracting(Outcome::expectText).containsOnly("noted");
    assertThat(outcomes).extracting(Outcome::id).containsOnly(late.id());
    assertThat(world.effects(subject)).containsExactly("noted");
  }

  private static void secondSend(World world) throws Exception {
    Ask ask = note(world.fresh("note")).idempotencyKey(world.fresh("key"));

    Accepted first = world.door().send(ask);
    Accepted second = world.door().send(ask);

    assertThat(first.previously()).isFalse();
    assertThat(second.previously()).isTrue();
    assertThat(second.id()).isEqualTo(first.id());
  }

  private static void attachByKey(World world) throws Exception {
    String subject = world.fresh("hold");
    String key = world.fresh("key");
    var of = new Of.Idempotent("Waiter/wait", key);
    Accepted accepted = world.door().send(Ask.of("Waiter/wait", subject).idempotencyKey(key));

    String awakeable = world.outside().awaitTrace(subject);
    world.door().output(of).expectError(Outcome.NOT_READY);
    world.door().resolveAwakeable(awakeable, World.json("now"));

    assertThat(world.door().attach(of).expectText()).isEqualTo("now");
    assertThat(world.door().output(of).id()).isEqualTo(accepted.id());
  }

  private static void attachById(World world) throws Exception {
    String subject = world.fresh("hold");
    String id = world.send("Waiter/wait", subject);

    String awakeable = world.outside().awaitTrace(subject);
    world.output(id).expectError(Outcome.NOT_READY);
    world.door().resolveAwakeable(awakeable, World.json("now"));

    assertThat(world.attach(id).expectText()).isEqualTo("now");
    assertThat(world.output(id).expectText()).isEqualTo("now");
  }

  private static void retention(World world) throws Exception {
    String subject = world.fresh("brief");
    Ask ask = Ask.of("Basic/brief", Map.of("subject", subject)).idempotencyKey(world.fresh("key"));

    Outcome first = world.door().call(ask);

    int times = first.expectValue().asInt();
    assertThat(times == 1 || (times > 1 && world.leadersMayChange())).isTrue();
    world.eventually(() -> world.output(first.id()).expectError(Outcome.NOT_FOUND));
    int again = world.door().call(ask).expectValue().asInt();
    assertThat(world.leadersMayChange() ? again > times : again == 2).isTrue();
  }

  private static void delayed(World world) throws Exception {
    String subject = world.fresh("later");
    long sentAt = System.nanoTime();

    Accepted accepted =
        world
            .door()
            .send(note(subject).idempotencyKey(world.fresh("key")).delay(Duration.ofSeconds(1)));

    assertThat(accepted.scheduled()).isTrue();
    assertThat(world.attach(accepted.id()).expectText()).isEqualTo("noted");
    // The server's clock may count whole milliseconds differently from ours.
    assertThat(Duration.ofNanos(System.nanoTime() - sentAt)).isGreaterThan(Duration.ofMillis(998));
  }
}
