package dev.reprise.sdk.core;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.sdk.core.Awaitable.Combined;
import dev.reprise.sdk.core.Awaitable.Rule;
import dev.reprise.sdk.core.InvocationCommands.Callee;
import dev.reprise.sdk.core.InvocationCommands.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Handlers that do what the transcripts' texts say. */
final class TranscriptPrograms {
  private TranscriptPrograms() {}

  interface Program {
    void execute(TranscriptAttempt it);
  }

  private static final NotificationResult.Failed TEAPOT =
      new NotificationResult.Failed(418, "teapot");
  private static final Callee HELP = Callee.of("Svc", "", "help").idempotencyKey("once");

  /** By transcript and handler. */
  static final Map<String, Program> PROGRAMS =
      Map.ofEntries(
          entry("attach Svc/go", TranscriptPrograms::attach),
          entry("attach Svc/help", it -> it.succeed("helped")),
          entry("awakeable Svc/go", it -> it.succeed(it.awakeable())),
          entry("awakeable Svc/help", it -> it.completeAwakeable("val", null)),
          entry(
              "awakeable-live Svc/go",
              it -> it.fail(it.failure(it.ask().signals().awakeable().result()))),
          entry(
              "awakeable-live Svc/help",
              it ->
                  it.completeAwakeable(
                      "", new NotificationResult.Failed(418, "no", Map.of("a", "b")))),
          entry("call-failure Svc/go", TranscriptPrograms::failingCall),
          entry(
              "call-failure Obj/go",
              it -> it.fail(new NotificationResult.Failed(409, "nope", Map.of("a", "b")))),
          entry("call-scoped Svc/go", TranscriptPrograms::scopedCalls),
          entry("call-scoped Svc/help", it -> it.succeed("12")),
          entry("cancel Svc/go", TranscriptPrograms::cancelled),
          entry("cancel Svc/help", it -> it.tell(id -> it.ask().signals().cancel(id))),
          entry("get-output Svc/go", TranscriptPrograms::getOutput),
          entry("get-output Svc/help", it -> it.fail(TEAPOT)),
          entry("one-way-call Svc/go", TranscriptPrograms::send),
          entry("one-way-call Svc/help", it -> it.succeed("")),
          entry(
              "output-failure Svc/go",
              it -> it.fail(new NotificationResult.Failed(409, "nope", Map.of("a", "b")))),
          entry("promise Flow/run", it -> it.succeed(it.value(it.ask().promises().get("p")))),
          entry("promise Flow/look", TranscriptPrograms::promises),
          entry("run Svc/go", it -> it.succeed(it.value(it.run("pick", "7")))),
          entry("run-acknowledged Svc/go", TranscriptPrograms::acknowledged),
          entry("run-failure Svc/go", TranscriptPrograms::failingRun),
          entry("signal Svc/go", it -> it.succeed(it.value(it.ask().signals().named("go")))),
          entry(
              "signal Svc/help",
              it -> it.tell(id -> it.ask().signals().resolve(id, "go", bytes("yes")))),
          entry("sleep-suspended Svc/go", TranscriptPrograms::nap),
          entry("state-eager Obj/go", TranscriptPrograms::state),
          entry("suspension-tree Svc/go", TranscriptPrograms::twoTimers));

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  // ---- what the texts say ----

  private static void attach(TranscriptAttempt it) {
    it.ask().invocations().send(HELP, ByteString.EMPTY, Duration.ZERO);
    it.value(it.ask().invocations().attach(new Target.Called(HELP)));
    it.failure(it.ask().invocations().attach(new Target.OfWorkflow("Flow", "nobody", null)));
    it.failure(
        it.ask().invocations().attach(new Target.Id("inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC")));
    it.succeed("");
  }

  private static void failingCall(TranscriptAttempt it) {
    var call = it.ask().invocations().call(Callee.of("Obj", "cart", "go"), ByteString.EMPTY);
    NotificationResult.Failed failure = it.failure(call.result());
    it.fail(new NotificationResult.Failed(failure.code(), failure.message()));
  }

  private static void scopedCalls(TranscriptAttempt it) {
    InvocationCommands ask = it.ask().invocations();
    String told = it.value(ask.call(scoped(null), bytes("5")).result());
    it.await(ask.send(scoped("once"), ByteString.EMPTY, Duration.ZERO));
    it.value(ask.attach(new Target.Called(scoped("once"))));
    it.succeed(told);
  }

  private static Callee scoped(@Nullable String idempotencyKey) {
    return new Callee("Svc", "", "help", idempotencyKey, Map.of(), "s", "web/ada");
  }

  private static void cancelled(TranscriptAttempt it) {
    boolean resolved = it.await(it.ask().signals().awakeable().result());
    assertThat(resolved).as("it was cancelled").isFalse();
    it.fail(new NotificationResult.Failed(409, "canceled"));
  }

  private static void getOutput(TranscriptAttempt it) {
    InvocationCommands ask = it.ask().invocations();
    it.await(ask.output(new Target.Id(it.id())));
    ask.send(HELP, ByteString.EMPTY, Duration.ZERO);
    it.failure(ask.attach(new Target.Called(HELP)));
    it.failure(ask.output(new Target.Called(HELP)));
    it.failure(ask.output(new Target.OfWorkflow("Flow", "nobody", null)));
    it.succeed("");
  }

  private static void send(TranscriptAttempt it) {
    var first = new Callee("Svc", "", "help", "once", Map.of("a", "b"), null, null);
    it.await(it.ask().invocations().send(first, bytes("5"), Duration.ZERO));
    it.await(it.ask().invocations().send(HELP, ByteString.EMPTY, Duration.ZERO));
    it.succeed("");
  }

  private static void promises(TranscriptAttempt it) {
    PromiseCommands promises = it.ask().promises();
    it.await(promises.peek("p"));
    it.await(promises.resolve("p", bytes("v")));
    it.failure(promises.reject("p", new NotificationResult.Failed(500, "late")));
    it.value(promises.peek("p"));
    it.value(promises.get("p"));
    it.succeed("");
  }

  private static void acknowledged(TranscriptAttempt it) {
    String picked = it.value(it.run("pick", "7"));
    it.await(it.ask().sleep("", Duration.ZERO));
    if (it.isFirst()) {
      it.machine().fail(ErrorMessage.newBuilder().setCode(500).setMessage("once more"));
      return;
    }
    it.succeed(picked);
  }

  private static void failingRun(TranscriptAttempt it) {
    Commands.Run run = it.ask().run("brew");
    if (it.machine().startRuns().contains(run.id())) {
      it.ask()
          .proposeRunFailure(
              run.id(), new NotificationResult.Failed(418, "teapot", Map.of("a", "b")));
    }
    it.failure(run.result());
    it.fail(TEAPOT);
  }

  private static void nap(TranscriptAttempt it) {
    it.await(it.ask().sleep("nap", Duration.ZERO));
    it.succeed("");
  }

  private static void state(TranscriptAttempt it) {
    StateCommands state = it.ask().state();
    it.await(state.get("count"));
    state.set("count", bytes("12"));
    state.set("b", bytes("x"));
    String count = it.value(state.get("count"));
    it.await(state.keys());
    state.clear("b");
    if (it.isFirst()) {
      it.machine().fail(ErrorMessage.newBuilder().setCode(500).setMessage("look again"));
      return;
    }
    state.clearAll();
    it.await(state.keys());
    it.succeed(count);
  }

  private static void twoTimers(TranscriptAttempt it) {
    Awaitable first = it.ask().sleep("first", Duration.ZERO);
    Awaitable second = it.ask().sleep("second", Duration.ofMillis(1));
    it.await(new Combined(Rule.ALL_COMPLETED, List.of(first, second)));
    it.succeed("");
  }
}
