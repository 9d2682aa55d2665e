package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.Sdk;
import dev.reprise.conformance.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One handler calls another. */
final class CallRows {
  private static final String FEATURE = "call";
  private static final int DEPTH = 10;

  private CallRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "a handler awaits another's answer", CallRows::greet),
        Row.of(FEATURE, "a handler calls a virtual object", CallRows::object),
        Row.of(FEATURE, "a callee's error is the caller's to catch", CallRows::error),
        Row.of(FEATURE, "the error's metadata is there too", CallRows::metadata)
            .only(Sdk.TYPESCRIPT),
        Row.of(FEATURE, "headers reach the callee", CallRows::headers),
        Row.of(FEATURE, "a one-way call names its invocation", CallRows::send),
        Row.of(FEATURE, "a delayed call starts when it is due", CallRows::delayed),
        Row.of(FEATURE, "calls with one idempotency key are one", CallRows::idempotent),
        Row.of(FEATURE, "one-way calls carry headers and idempotency keys", CallRows::sentTwice),
        Row.of(FEATURE, "a chain of calls ends", CallRows::chain),
        Row.of(FEATURE, "a handler attaches to another invocation", CallRows::attach),
        Row.of(FEATURE, "a handler looks at another's output", CallRows::output).only(Sdk.JAVA));
  }

  private static void greet(World world) throws Exception {
    assertThat(world.ask("Caller/greet", "Ada").asString()).isEqualTo("They said: Hello Ada");
  }

  private static void object(World world) throws Exception {
    String key = world.fresh("store");
    var calls =
        IntStream.rangeClosed(1, 5)
            .mapToObj(n -> world.calling(Ask.of("Caller/add", Map.of("key", key, "n", n))))
            .toList();

    calls.forEach(it -> it.join().expectValue());

    assertThat(world.ask("Store/" + key + "/peek", "sum").asInt()).isEqualTo(15);
  }

  private static void error(World world) throws Exception {
    var caught = world.ask("Caller/fail", Map.of("message", "no way", "code", 418));

    assertThat(caught.path("code").asInt()).isEqualTo(418);
    assertThat(caught.path("message").asString()).isEqualTo("no way");
  }

  private static void metadata(World world) throws Exception {
    var how = Map.of("message", "no", "code", 409, "metadata", Map.of("reason", "taken"));

    assertThat(world.ask("Caller/fail", how).path("metadata").path("reason").asString(""))
        .isEqualTo("taken");
  }

  private static void headers(World world) throws Exception {
    assertThat(world.ask("Caller/headers", null).asString()).isEqualTo("yes");
  }

  private static void send(World world) throws Exception {
    String subject = world.fresh("sent");

    String id = world.ask("Caller/send", Map.of("subject", subject, "effect", "sent")).asString();

    assertThat(id).startsWith("inv_");
    assertThat(world.outside().awaitTrace(subject)).isEqualTo("sent");
  }

  private static void delayed(World world) throws Exception {
    String subject = world.fresh("later");
    long sentAt = System.nanoTime();

    String id =
        world
            .ask("Caller/send", Map.of("subject", subject, "effect", "sent", "delay", 1_000))
            .asString();

    assertThat(id).startsWith("inv_");
    assertThat(world.outside().awaitTrace(subject)).isEqualTo("sent");
    // The server's clock may count whole milliseconds differently from ours.
    assertThat(Duration.ofNanos(System.nanoTime() - sentAt)).isGreaterThan(Duration.ofMillis(998));
  }

  private static void idempotent(World world) throws Exception {
    String subject = world.fresh("twice");

    var ids = world.ask("Caller/twice", Map.of("subject", subject, "key", world.fresh("key")));

    assertThat(ids.path(0)).isEqualTo(ids.path(1));
    assertThat(world.effects(subject)).containsExactly("noted");
  }

  private static void sentTwice(World world) throws Exception {
    String subject = world.fresh("twice");

    var ids = world.ask("Caller/sendTwice", Map.of("subject", subject, "key", world.fresh("key")));

    assertThat(ids.path(0)).isEqualTo(ids.path(1));
    world.attach(ids.path(0).asString()).expectValue();
    assertThat(world.effects(subject)).containsExactly("yes");
  }

  private static void chain(World world) throws Exception {
    assertThat(world.ask("Caller/chain", DEPTH).asInt()).isEqualTo(DEPTH);
  }

  private static void attach(World world) throws Exception {
    String subject = world.fresh("hold");
    String id = world.send("Waiter/wait", subject);
    String awakeable = world.outside().awaitTrace(subject);

    var attached = world.calling(Ask.of("Caller/attach", id));
    world.door().resolveAwakeable(awakeable, World.json("both"));

    assertThat(attached.join().expectText()).isEqualTo("both");
    assertThat(world.ask("Caller/attach", id).asString()).isEqualTo("both");
  }

  private static void output(World world) throws Exception {
    String subject = world.fresh("hold");
    String id = world.send("Waiter/wait", subject);
    String awakeable = world.outside().awaitTrace(subject);

    assertThat(world.ask("Caller/output", id).path("ready").asBoolean()).isFalse();

    world.door().resolveAwakeable(awakeable, World.json("there"));
    assertThat(world.attach(id).expectText()).isEqualTo("there");
    assertThat(world.ask("Caller/output", id).path("value").asString("")).isEqualTo("there");
  }
}
