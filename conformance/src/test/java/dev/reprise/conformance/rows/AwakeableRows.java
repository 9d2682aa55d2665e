package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.Sdk;
import dev.reprise.conformance.Setting;
import dev.reprise.conformance.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Awakeables and named signals. */
final class AwakeableRows {
  private static final String FEATURE = "awakeable";
  private static final String SIGNAL = "signal";

  private AwakeableRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "a client resolves it", AwakeableRows::resolved),
        Row.of(FEATURE, "a client rejects it", AwakeableRows::rejected),
        Row.of(FEATURE, "a handler resolves it", AwakeableRows::resolvedByHandler),
        Row.of(FEATURE, "a handler rejects it", AwakeableRows::rejectedByHandler),
        Row.of(FEATURE, "what completes it first stays", AwakeableRows::first),
        Row.of(FEATURE, "who waits for it is put away", AwakeableRows::putAway),
        Row.of(SIGNAL, "named ones arrive in any order", AwakeableRows::signals)
            .only(Sdk.TYPESCRIPT),
        Row.of(SIGNAL, "one may be rejected", AwakeableRows::signalRejected).only(Sdk.TYPESCRIPT),
        Row.of(SIGNAL, "one to a scheduled invocation is not lost", AwakeableRows::signalEarly)
            .only(Sdk.TYPESCRIPT),
        Row.of(SIGNAL, "one to a queued invocation is not lost", AwakeableRows::signalQueued)
            .only(Sdk.TYPESCRIPT));
  }

  private static void resolved(World world) throws Exception {
    String subject = world.fresh("wait");
    var waiting = world.calling(Ask.of("Waiter/wait", subject));
    String id = world.outside().awaitTrace(subject);

    world.door().resolveAwakeable(id, World.json(Map.of("answer", 42)));

    assertThat(waiting.join().expectValue()).isEqualTo(World.json(Map.of("answer", 42)));
  }

  private static void rejected(World world) throws Exception {
    String subject = world.fresh("wait");
    var waiting = world.calling(Ask.of("Waiter/wait", subject));
    String id = world.outside().awaitTrace(subject);

    world.door().rejectAwakeable(id, "not today");

    assertThat(waiting.join().expectError(500).message()).isEqualTo("not today");
    assertThat(world.effects(subject)).containsExactly(id, "cleaned up");
  }

  private static void resolvedByHandler(World world) throws Exception {
    String subject = world.fresh("wait");
    var waiting = world.calling(Ask.of("Waiter/wait", subject));
    String id = world.outside().awaitTrace(subject);

    world.ask("Waiter/resolve", Map.of("id", id, "value", "from a handler"));

    assertThat(waiting.join().expectText()).isEqualTo("from a handler");
  }

  private static void rejectedByHandler(World world) throws Exception {
    String subject = world.fresh("wait");
    var waiting = world.calling(Ask.of("Waiter/wait", subject));
    String id = world.outside().awaitTrace(subject);

    world.ask("Waiter/reject", Map.of("id", id, "reason", "handler says no"));

    assertThat(waiting.join().expectError(500).message()).isEqualTo("handler says no");
  }

  private static void first(World world) throws Exception {
    String subject = world.fresh("wait");
    String invocation = world.send("Waiter/wait", subject);
    String id = world.outside().awaitTrace(subject);

    world.door().resolveAwakeable(id, World.json("first"));
    world.door().resolveAwakeable(id, World.json("second"));
    world.door().rejectAwakeable(id, "third");

    assertThat(world.attach(invocation).expectText()).isEqualTo("first");
    world.door().resolveAwakeable(id, World.json("after the end"));
    assertThat(world.output(invocation).expectText()).isEqualTo("first");
  }

  private static void putAway(World world) throws Exception {
    String subject = world.fresh("wait");
    String invocation = world.send("Waiter/wait", subject);
    String id = world.outside().awaitTrace(subject);

    // A minute is the default before a wait is put away, and no story lasts so long.
    world.awaitStatus(invocation, world.setting() == Setting.SUSPEND ? "suspended" : "running");
    world.door().resolveAwakeable(id, World.json("back"));

    assertThat(world.attach(invocation).expectText()).isEqualTo("back");
    assertThat(world.effects(subject)).containsExactly(id);
  }

  private static void signals(World world) throws Exception {
    String subject = world.fresh("signal");
    var waiting = world.calling(Ask.of("Waiter/signal", subject));
    String id = world.outside().awaitTrace(subject);

    world.ask("Waiter/sendSignal", Map.of("id", id, "name", "second", "value", "two"));
    world.ask("Waiter/sendSignal", Map.of("id", id, "name", "first", "value", "one"));

    assertThat(waiting.join().expectText()).isEqualTo("one two");
  }

  private static void signalRejected(World world) throws Exception {
    String subject = world.fresh("signal");
    var waiting = world.calling(Ask.of("Waiter/signal", subject));
    String id = world.outside().awaitTrace(subject);

    world.ask("Waiter/sendSignal", Map.of("id", id, "name", "first", "reason", "no signal"));

    assertThat(waiting.join().expectError(500).message()).isEqualTo("no signal");
  }

  private static void signalEarly(World world) throws Exception {
    String subject = world.fresh("signal");
    Ask later =
        Ask.of("Waiter/signal", subject)
            .idempotencyKey(world.fresh("key"))
            .delay(Duration.ofSeconds(1));
    String id = world.door().send(later).id();

    world.ask("Waiter/sendSignal", Map.of("id", id, "name", "first", "value", "early"));
    world.outside().awaitTrace(subject);
    world.ask("Waiter/sendSignal", Map.of("id", id, "name", "second", "value", "bird"));

    assertThat(world.attach(id).expectText()).isEqualTo("early bird");
  }

  private static void signalQueued(World world) throws Exception {
    String store = "Store/" + world.fresh("store");
    String subject = world.fresh("hold");
    var held = world.calling(Ask.of(store + "/hold", subject));
    String awakeable = world.outside().awaitTrace(subject);
    String queued = world.send(store + "/signalled", world.fresh("signal"));
    world.awaitStatus(queued, "inbox");

    world.ask("Waiter/sendSignal", Map.of("id", queued, "name", "go", "value", "gone"));
    world.door().resolveAwakeable(awakeable, World.json("free"));

    held.join().expectValue();
    assertThat(world.attach(queued).expectText()).isEqualTo("gone");
  }
}
