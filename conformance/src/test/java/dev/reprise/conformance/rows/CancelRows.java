package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Outcome;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.Sdk;
import dev.reprise.conformance.World;
import java.time.Duration;
import java.util.List;

/** Invocations that are cancelled or killed. */
final class CancelRows {
  private static final String CANCEL = "cancel";
  private static final String KILL = "kill";

  private CancelRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(CANCEL, "the code cleans up", CancelRows::cleansUp),
        Row.of(CANCEL, "goes down the tree of calls", CancelRows::tree),
        Row.of(CANCEL, "a scheduled one never starts", CancelRows::scheduled),
        Row.of(CANCEL, "a queued one never starts, and the key goes on", CancelRows::queued),
        Row.of(CANCEL, "a handler cancels by id", CancelRows::byHandler),
        Row.of(CANCEL, "a handler cancels what it called", CancelRows::called),
        Row.of(CANCEL, "the code may decide itself", CancelRows::explicit).only(Sdk.TYPESCRIPT),
        Row.of(CANCEL, "a completed one is not cancelled", CancelRows::completed),
        Row.of(KILL, "ends at once, without cleaning up", CancelRows::kill),
        Row.of(KILL, "takes the tree of calls along", CancelRows::killTree),
        Row.of(KILL, "leaves no locked key", CancelRows::unlocked));
  }

  private static void cleansUp(World world) throws Exception {
    String subject = world.fresh("wait");
    String id = world.send("Waiter/wait", subject);
    String awakeable = world.outside().awaitTrace(subject);

    world.patch(id, "cancel").expectStatus(202);

    world.attach(id).expectError(Outcome.CONFLICT);
    assertThat(world.effects(subject)).containsExactly(awakeable, "cleaned up");
  }

  private static void tree(World world) throws Exception {
    String subject = world.fresh("parent");
    String id = world.send("Waiter/parent", subject);
    String awakeable = world.outside().awaitTrace(subject + " child");

    world.patch(id, "cancel").expectStatus(202);

    world.attach(id).expectError(Outcome.CONFLICT);
    assertThat(world.effects(subject)).containsExactly("cleaned up");
    // Nobody waits for the child any more, so it may end later.
    world.eventually(
        () ->
            assertThat(world.effects(subject + " child")).containsExactly(awakeable, "cleaned up"));
  }

  private static void scheduled(World world) throws Exception {
    String subject = world.fresh("wait");
    Ask later =
        Ask.of("Waiter/wait", subject)
            .idempotencyKey(world.fresh("key"))
            .delay(Duration.ofHours(1));
    String id = world.door().send(later).id();
    world.awaitStatus(id, "scheduled");

    world.patch(id, "cancel").expectStatus(200);

    // A server may keep how it ended, or forget it.
    world.eventually(
        () -> assertThat(world.output(id).code()).isIn(Outcome.NOT_FOUND, Outcome.CONFLICT));
    assertThat(world.outside().traces(subject)).isEmpty();
  }

  private static void queued(World world) throws Exception {
    String store = "Store/" + world.fresh("store");
    String subject = world.fresh("hold");
    var held = world.calling(Ask.of(store + "/hold", subject));
    String awakeable = world.outside().awaitTrace(subject);
    String id = world.send(store + "/add", 1);
    var last = world.calling(Ask.of(store + "/add", 10));
    world.awaitStatus(id, "inbox");

    world.patch(id, "cancel").expectStatus(200);

    // A server may keep how it ended, or forget it.
    assertThat(world.attach(id).code()).isIn(Outcome.CONFLICT, Outcome.NOT_FOUND);
    world.door().resolveAwakeable(awakeable, World.json("free"));
    held.join().expectValue();
    assertThat(last.join().expectValue().asInt()).isEqualTo(10);
  }

  private static void byHandler(World world) throws Exception {
    String subject = world.fresh("wait");
    String id = world.send("Waiter/wait", subject);
    world.outside().awaitTrace(subject);

    world.ask("Caller/cancel", id);

    world.attach(id).expectError(Outcome.CONFLICT);
    assertThat(world.outside().traces(subject)).contains("cleaned up");
  }

  private static void called(World world) throws Exception {
    assertThat(world.ask("Caller/callAndCancel", world.fresh("wait")).asInt())
        .isEqualTo(Outcome.CONFLICT);
  }

  private static void explicit(World world) throws Exception {
    String subject = world.fresh("stubborn");
    String id = world.send("Waiter/stubborn", subject);
    String awakeable = world.outside().awaitTrace(subject);

    world.patch(id, "cancel").expectStatus(202);
    world.outside().awaitTraces(subject, 2);
    world.door().resolveAwakeable(awakeable, World.json("done"));

    assertThat(world.attach(id).expectText()).isEqualTo("stubborn: done");
  }

  private static void completed(World world) throws Exception {
    String id = world.send("Basic/greet", "Ada");
    assertThat(world.attach(id).expectText()).isEqualTo("Hello Ada");

    world.patch(id, "cancel").expectStatus(409);
    world.patch(id, "kill").expectStatus(409);

    assertThat(world.output(id).expectText()).isEqualTo("Hello Ada");
  }

  private static void kill(World world) throws Exception {
    String subject = world.fresh("wait");
    String id = world.send("Waiter/wait", subject);
    String awakeable = world.outside().awaitTrace(subject);

    world.patch(id, "kill").expectStatus(200);

    assertThat(world.attach(id).expectError(Outcome.CONFLICT).message()).isEqualTo("killed");
    assertThat(world.effects(subject)).containsExactly(awakeable);
  }

  private static void killTree(World world) throws Exception {
    String subject = world.fresh("parent");
    String id = world.send("Waiter/parent", subject);
    String awakeable = world.outside().awaitTrace(subject + " child");

    world.patch(id, "kill").expectStatus(200);

    world.attach(id).expectError(Outcome.CONFLICT);
    // The child is gone: what would complete it has nobody to go to, and nothing comes of it.
    world.door().resolveAwakeable(awakeable, World.json("too late"));
    world.ask("Basic/greet", "time to notice");
    assertThat(world.outside().traces(subject)).isEmpty();
    assertThat(world.effects(subject + " child")).containsExactly(awakeable);
  }

  private static void unlocked(World world) throws Exception {
    String store = "Store/" + world.fresh("store");
    String subject = world.fresh("hold");
    String id = world.send(store + "/hold", subject);
    world.outside().awaitTrace(subject);
    var queued = world.calling(Ask.of(store + "/add", 3));

    world.patch(id, "kill").expectStatus(200);

    assertThat(queued.join().expectValue().asInt()).isEqualTo(3);
  }
}
