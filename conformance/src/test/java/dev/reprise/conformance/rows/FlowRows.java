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

/** Workflows and their promises. */
final class FlowRows {
  private static final String FEATURE = "workflow";

  private FlowRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "a shared handler resolves what run awaits", FlowRows::resolved),
        Row.of(FEATURE, "a shared handler rejects what run awaits", FlowRows::rejected),
        Row.of(FEATURE, "shared handlers see state and promise", FlowRows::seen),
        Row.of(FEATURE, "a promise is completed once", FlowRows::once),
        Row.of(FEATURE, "a promise resolved before run awaits it is kept", FlowRows::early),
        Row.of(FEATURE, "run happens once per key", FlowRows::second),
        Row.of(FEATURE, "attach and output by key", FlowRows::attach),
        Row.of(FEATURE, "a handler starts one and awaits it", FlowRows::started),
        Row.of(FEATURE, "it is submitted for later", FlowRows::later),
        Row.of(FEATURE, "it is forgotten after its retention", FlowRows::retention),
        Row.of(
            FEATURE,
            "what is decided when it was forgotten is there when it runs again",
            FlowRows::late));
  }

  private static void resolved(World world) throws Exception {
    String key = world.fresh("flow");
    var run = world.calling(Ask.of("Flow/" + key + "/run", key));
    world.outside().awaitTrace(key);

    assertThat(world.ask("Flow/" + key + "/resolve", "it").asString()).isEqualTo("done");

    assertThat(run.join().expectText()).isEqualTo("got it");
    assertThat(world.effects(key)).containsExactly("run");
  }

  private static void rejected(World world) throws Exception {
    String key = world.fresh("flow");
    var run = world.calling(Ask.of("Flow/" + key + "/run", key));
    var waiting = world.calling(Ask.of("Flow/" + key + "/await", null));
    world.outside().awaitTrace(key);

    assertThat(world.ask("Flow/" + key + "/reject", "no").asString()).isEqualTo("done");

    assertThat(run.join().expectError(500).message()).isEqualTo("no");
    assertThat(waiting.join().expectError(500).message()).isEqualTo("no");
  }

  private static void seen(World world) throws Exception {
    String key = world.fresh("flow");
    assertThat(world.ask("Flow/" + key + "/peek", null).isNull()).isTrue();
    var run = world.calling(Ask.of("Flow/" + key + "/run", key));
    var waiting = world.calling(Ask.of("Flow/" + key + "/await", null));

    world.eventually(
        () ->
            assertThat(world.ask("Flow/" + key + "/status", null).asString(""))
                .isEqualTo("waiting"));
    assertThat(world.ask("Flow/" + key + "/peek", null).isNull()).isTrue();
    world.ask("Flow/" + key + "/resolve", "it");

    run.join().expectValue();
    assertThat(waiting.join().expectText()).isEqualTo("it");
    assertThat(world.ask("Flow/" + key + "/peek", null).asString()).isEqualTo("it");
    assertThat(world.ask("Flow/" + key + "/status", null).asString()).isEqualTo("done");
  }

  private static void once(World world) throws Exception {
    String flow = "Flow/" + world.fresh("flow");

    assertThat(world.ask(flow + "/resolve", "first").asString()).isEqualTo("done");
    assertThat(world.ask(flow + "/resolve", "second").asString()).isEqualTo("refused with 409");
    assertThat(world.ask(flow + "/reject", "third").asString()).isEqualTo("refused with 409");

    assertThat(world.ask(flow + "/peek", null).asString()).isEqualTo("first");
  }

  private static void early(World world) throws Exception {
    String key = world.fresh("flow");

    world.ask("Flow/" + key + "/resolve", "early");

    assertThat(world.ask("Flow/" + key + "/run", key).asString()).isEqualTo("got early");
  }

  private static void second(World world) throws Exception {
    String key = world.fresh("flow");
    Accepted first = world.door().send(Ask.of("Flow/" + key + "/run", key));
    world.outside().awaitTrace(key);

    Accepted second = world.door().send(Ask.of("Flow/" + key + "/run", key));
    world.call("Flow/" + key + "/run", key).expectError(Outcome.CONFLICT);

    assertThat(first.previously()).isFalse();
    assertThat(second.previously()).isTrue();
    assertThat(second.id()).isEqualTo(first.id());
    world.ask("Flow/" + key + "/resolve", "it");
    assertThat(world.attach(first.id()).expectText()).isEqualTo("got it");
    world.call("Flow/" + key + "/run", key).expectError(Outcome.CONFLICT);
    assertThat(world.effects(key)).containsExactly("run");
  }

  private static void attach(World world) throws Exception {
    String key = world.fresh("flow");
    var of = new Of.Workflow("Flow", key);
    world.door().output(of).expectError(Outcome.NOT_FOUND);
    String id = world.door().send(Ask.of("Flow/" + key + "/run", key)).id();

    world.door().output(of).expectError(Outcome.NOT_READY);
    world.ask("Flow/" + key + "/resolve", "it");

    assertThat(world.door().attach(of).expectText()).isEqualTo("got it");
    assertThat(world.door().output(of).expectText()).isEqualTo("got it");
    assertThat(world.output(id).expectText()).isEqualTo("got it");
  }

  private static void later(World world) throws Exception {
    String key = world.fresh("flow");
    String much = world.fresh("flow");
    Ask muchLater = Ask.of("Flow/" + much + "/run", much).delay(Duration.ofHours(1));
    long sentAt = System.nanoTime();

    world.door().send(Ask.of("Flow/" + key + "/run", key).delay(Duration.ofSeconds(1)));
    Accepted first = world.door().send(muchLater);
    Accepted second = world.door().send(muchLater);

    assertThat(first.scheduled()).isTrue();
    assertThat(second.previously()).isTrue();
    assertThat(second.scheduled()).isTrue();
    assertThat(world.status(first.id())).isEqualTo("scheduled");
    world.patch(first.id(), "cancel").expectStatus(200);
    // Its shared handlers answer before it runs.
    assertThat(world.ask("Flow/" + key + "/resolve", "early").asString()).isEqualTo("done");
    assertThat(world.door().attach(new Of.Workflow("Flow", key)).expectText())
        .isEqualTo("got early");
    // The server's clock may count whole milliseconds differently from ours.
    assertThat(Duration.ofNanos(System.nanoTime() - sentAt)).isGreaterThan(Duration.ofMillis(998));
    assertThat(world.effects(key)).containsExactly("run");
  }

  private static void started(World world) throws Exception {
    String key = world.fresh("flow");

    var answer = world.ask("Starter/start", Map.of("key", key, "subject", key));

    assertThat(answer.asString()).isEqualTo("got from the starter");
  }

  private static void late(World world) throws Exception {
    String key = world.fresh("flow");
    String flow = "Flow/" + key;
    String id = world.door().send(Ask.of(flow + "/run", key)).id();
    world.ask(flow + "/resolve", "early");
    assertThat(world.attach(id).expectText()).isEqualTo("got early");
    world.patch(id, "purge").expectStatus(200);
    world.eventually(
        () -> world.door().output(new Of.Workflow("Flow", key)).expectError(Outcome.NOT_FOUND));
    assertThat(world.ask(flow + "/peek", null).isNull()).isTrue();
    assertThat(world.ask(flow + "/status", null).isNull()).isTrue();

    assertThat(world.ask(flow + "/resolve", "late").asString()).isEqualTo("done");
    assertThat(world.ask(flow + "/resolve", "later").asString()).isEqualTo("refused with 409");

    assertThat(world.ask(flow + "/peek", null).asString()).isEqualTo("late");
    assertThat(world.ask(flow + "/run", key).asString()).isEqualTo("got late");
  }

  private static void retention(World world) throws Exception {
    String key = world.fresh("brief");
    var of = new Of.Workflow("BriefFlow", key);
    int first = world.ask("BriefFlow/" + key + "/run", key).asInt();

    world.eventually(() -> world.door().output(of).expectError(Outcome.NOT_FOUND));

    // How often its step was executed so far.
    int second = world.ask("BriefFlow/" + key + "/run", key).asInt();
    assertThat(second).isGreaterThan(first);
    if (!world.leadersMayChange()) {
      assertThat(List.of(first, second)).isEqualTo(List.of(1, 2));
    }
  }
}
