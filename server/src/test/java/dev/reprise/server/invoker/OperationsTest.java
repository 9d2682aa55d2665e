package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.call;
import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.error;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static dev.reprise.server.invoker.ScriptedHandler.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do to invocations, with a real partition between them and the endpoint. */
@SuppressWarnings("FutureReturnValueIgnored") // Answers are asserted where they matter.
class OperationsTest {
  /** Waits an hour before it tries again. */
  private static final ServiceOptions PATIENT =
      new ServiceOptions(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          null,
          null,
          null,
          null,
          null,
          Duration.ofHours(1),
          Duration.ofHours(1),
          null,
          null,
          OnMaxAttempts.PAUSE);

  @TempDir Path directory;

  private PartitionWorld world(ScriptedEndpoint endpoint) throws Exception {
    InvokerOptions options =
        InvokerOptions.DEFAULTS.withServiceDefaults(PATIENT.over(ServiceOptions.DEFAULTS));
    return new PartitionWorld(directory, options, 7)
        .knowing(
            InvokerWorld.registry(
                1, endpoint.uri(), ProtocolMode.BIDI_STREAM, 6, ServiceOptions.SILENT));
  }

  private static Ingress.Answer manage(PartitionWorld world, Command.Operation operation)
      throws Exception {
    return world
        .ask(answer -> world.router().manage(operation, answer))
        .get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static Status status(PartitionWorld world, InvocationId id) {
    Ingress.Answer found = world.ask(answer -> world.router().find(id, answer)).join();
    return found instanceof Ingress.Answer.Open open
        ? open.invocation().status()
        : new Status.Paused(String.valueOf(found));
  }

  private static String outcome(CompletableFuture<Ingress.Answer> answer) throws Exception {
    Ingress.Answer got = answer.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (!(got instanceof Ingress.Answer.Ended ended)) {
      return String.valueOf(got);
    }
    return switch (ended.completed().outcome()) {
      case Outcome.Success success -> success.value().toUtf8();
      case Outcome.Failure failure -> failure.code() + " " + failure.message();
    };
  }

  @Test
  void aKillResetsTheStreamsOfTheWholeTree() throws Exception {
    List<Boolean> resets = new CopyOnWriteArrayList<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (handler.input().isEmpty()) {
            handler.say(call("Obj", "go", "k", "below", 1));
          } else {
            handler.say(sleep(1, Long.MAX_VALUE));
          }
          resets.add(peer.awaitOver());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        PartitionWorld world = world(endpoint)) {
      NewInvocation top = world.invocation("Svc", "go", "", "");
      CompletableFuture<Ingress.Answer> answer = world.call(top);
      InvokerWorld.await("both run", () -> world.counters().frames() == 2);

      assertThat(manage(world, new Command.Kill(top.id()))).isEqualTo(new Ingress.Answer.Done());
      assertThat(outcome(answer)).isEqualTo("409 killed");
      InvokerWorld.await("both are reset", () -> resets.size() == 2);
      assertThat(resets).containsOnly(true);
      assertThat(world.counters().running()).isZero();
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);

      endpoint.script(AttemptTest::echo);
      assertThat(outcome(world.call(world.invocation("Obj", "go", "k", "the key is free"))))
          .isEqualTo("the key is free");
    }
  }

  @Test
  void aPausedInvocationLeavesAndComesBackWhenItIsResumed() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (peer.number() == 1) {
            handler.say(sleep(1, Long.MAX_VALUE));
            handler.awaitEnd();
            handler.finish(suspension(1));
          } else {
            handler.finish(output("back"), end());
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        PartitionWorld world = world(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      CompletableFuture<Ingress.Answer> answer = world.call(invocation);
      InvokerWorld.await("it sleeps", () -> world.counters().frames() == 1);

      assertThat(manage(world, new Command.Pause(invocation.id())))
          .isEqualTo(new Ingress.Answer.Requested());
      InvokerWorld.await(
          "it is paused", () -> status(world, invocation.id()) instanceof Status.Paused);
      assertThat(world.counters().running()).isZero();

      manage(world, new Command.Resume(invocation.id(), null));
      assertThat(outcome(answer)).isEqualTo("back");
    }
  }

  @Test
  void whatBacksOffPausesAtOnceAndComesBackAtOnce() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          if (peer.number() == 1) {
            new ScriptedHandler(peer).begin().finish(error(500, "oh no"));
          } else {
            AttemptTest.echo(peer);
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        PartitionWorld world = world(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "back");
      CompletableFuture<Ingress.Answer> answer = world.call(invocation);
      InvokerWorld.await("backing off", () -> world.counters().backingOff() == 1);
      manage(world, new Command.Pause(invocation.id()));
      InvokerWorld.await(
          "it is paused",
          () ->
              status(world, invocation.id())
                  .equals(new Status.Paused("paused by request; before: RT0007: oh no")));
      manage(world, new Command.Resume(invocation.id(), null));
      assertThat(outcome(answer)).isEqualTo("back");
    }
  }

  @Test
  void whatBacksOffIsHurried() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          if (peer.number() == 1) {
            new ScriptedHandler(peer).begin().finish(error(500, "oh no"));
          } else {
            AttemptTest.echo(peer);
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        PartitionWorld world = world(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "at once");
      CompletableFuture<Ingress.Answer> answer = world.call(invocation);
      InvokerWorld.await("backing off", () -> world.counters().backingOff() == 1);
      manage(world, new Command.Resume(invocation.id(), null));
      assertThat(outcome(answer)).isEqualTo("at once");
    }
  }

  @Test
  void aCancelIsHeardWhereTheHandlerWaits() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          handler.say(sleep(1, Long.MAX_VALUE));
          handler.await(MessageType.SIGNAL);
          handler.finish(output("cleaned up"), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        PartitionWorld world = world(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      CompletableFuture<Ingress.Answer> answer = world.call(invocation);
      InvokerWorld.await("it sleeps", () -> world.counters().frames() == 1);
      Command.Cancel cancel = new Command.Cancel(invocation.id(), new RequestId(1, 2));
      assertThat(manage(world, cancel)).isEqualTo(new Ingress.Answer.Requested());
      assertThat(outcome(answer)).isEqualTo("cleaned up");
    }
  }
}
