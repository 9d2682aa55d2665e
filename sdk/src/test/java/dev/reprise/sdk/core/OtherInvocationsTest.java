package dev.reprise.sdk.core;

import static dev.reprise.api.MessageType.ATTACH_INVOCATION_COMPLETION;
import static dev.reprise.api.MessageType.GET_INVOCATION_OUTPUT_COMPLETION;
import static dev.reprise.sdk.core.Others.attach;
import static dev.reprise.sdk.core.Others.outputOf;
import static dev.reprise.sdk.core.Others.rejectAwakeable;
import static dev.reprise.sdk.core.Others.resolveAwakeable;
import static dev.reprise.sdk.core.Others.sendSignal;
import static dev.reprise.sdk.core.Others.sendSignalFailure;
import static dev.reprise.sdk.core.Story.ofVersion;
import static dev.reprise.sdk.core.Story.withInput;
import static dev.reprise.sdk.core.Told.done;
import static dev.reprise.sdk.core.Told.doneEmpty;
import static dev.reprise.sdk.core.Told.doneFailed;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.GetInvocationOutputCommandMessage;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.SuspensionMessage;
import dev.reprise.sdk.core.InvocationCommands.Callee;
import dev.reprise.sdk.core.InvocationCommands.Target;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attaching to invocations, asking for their output, and sending them signals. */
class OtherInvocationsTest {
  private static final Target CHILD = new Target.Id("inv_child");
  private static final Callee SCOPED =
      new Callee("s", "k", "h", "i", Map.of("a", "b"), "tenant", "cpu");

  private static void attachTo(Story it) {
    it.succeed(it.value(it.ask().invocations().attach(CHILD)));
  }

  private static void lookAt(Story it) {
    it.succeed(it.value(it.ask().invocations().output(CHILD)));
  }

  // ---- outcomes ----

  @Test
  void anAttachedOutcomeIsAnsweredAndReplayed() {
    withInput("")
        .serverSays(done(ATTACH_INVOCATION_COMPLETION, 1, "v"))
        .handler(OtherInvocationsTest::attachTo)
        .writes(attach(1, "inv_child"), output("v"), end());
    withInput("")
        .replays(attach(1, "inv_child"), done(ATTACH_INVOCATION_COMPLETION, 1, "v"))
        .handler(OtherInvocationsTest::attachTo)
        .writes(output("v"), end());
  }

  @Test
  void attachingToNobodyFails() {
    withInput("")
        .serverSays(doneFailed(ATTACH_INVOCATION_COMPLETION, 1, 404, "not found"))
        .handler(OtherInvocationsTest::attachTo)
        .writes(
            attach(1, "inv_child"),
            output("Failed[code=404, message=not found, metadata={}]"),
            end());
  }

  @Test
  void anOutputIsThereOrNot() {
    withInput("")
        .serverSays(doneEmpty(GET_INVOCATION_OUTPUT_COMPLETION, 1))
        .handler(OtherInvocationsTest::lookAt)
        .writes(outputOf(1, "inv_child"), output("Empty[]"), end());
    withInput("")
        .replays(outputOf(1, "inv_child"), done(GET_INVOCATION_OUTPUT_COMPLETION, 1, "v"))
        .handler(OtherInvocationsTest::lookAt)
        .writes(output("v"), end());
  }

  @Test
  void invocationsAreNamedByWorkflowOrIdempotencyKey() {
    var workflow =
        withInput("")
            .handler(it -> it.ask().invocations().attach(new Target.OfWorkflow("w", "k", null)))
            .writesOnly(AttachInvocationCommandMessage.class)
            .getWorkflowTarget();
    assertThat(workflow.getWorkflowName() + " " + workflow.getWorkflowKey()).isEqualTo("w k");
    assertThat(workflow.hasScope()).isFalse();

    var called =
        withInput("")
            .handler(
                it ->
                    it.ask()
                        .invocations()
                        .output(new Target.Called(Callee.of("s", "", "h").idempotencyKey("i"))))
            .writesOnly(GetInvocationOutputCommandMessage.class)
            .getIdempotentRequestTarget();
    assertThat(called.getServiceName() + called.getHandlerName() + called.getIdempotencyKey())
        .isEqualTo("shi");
    assertThat(called.hasServiceKey()).as("a service has no key").isFalse();
  }

  @Test
  void anInvocationIsNotNamedByACallWithoutIdempotencyKey() {
    withInput("")
        .checks(
            it ->
                assertThatThrownBy(
                        () ->
                            it.ask()
                                .invocations()
                                .attach(new Target.Called(Callee.of("s", "", "h"))))
                    .hasMessageContaining("Expected an idempotency key"))
        .writesNothing();
  }

  // ---- scopes ----

  @Test
  void scopesAndLimitsTravelWithVersion7() {
    var call =
        ofVersion(7)
            .replays(input(""))
            .handler(it -> it.ask().invocations().call(SCOPED, ByteString.EMPTY))
            .writesOnly(CallCommandMessage.class);
    assertThat(call.getScope() + " " + call.getLimitKey()).isEqualTo("tenant cpu");
    var send =
        ofVersion(7)
            .replays(input(""))
            .handler(it -> it.ask().invocations().send(SCOPED, ByteString.EMPTY, Duration.ZERO))
            .writesOnly(OneWayCallCommandMessage.class);
    assertThat(send.getScope() + " " + send.getLimitKey()).isEqualTo("tenant cpu");
    var attach =
        ofVersion(7)
            .replays(input(""))
            .handler(it -> it.ask().invocations().attach(new Target.Called(SCOPED)))
            .writesOnly(AttachInvocationCommandMessage.class);
    assertThat(attach.getIdempotentRequestTarget().getScope()).isEqualTo("tenant");
    assertThat(attach.getIdempotentRequestTarget().getServiceKey()).isEqualTo("k");
  }

  @Test
  void aScopeThatTheVersionCannotCarryFailsTheAttempt() {
    ErrorMessage error =
        withInput("")
            .handler(it -> it.ask().invocations().call(SCOPED, ByteString.EMPTY))
            .writesOnly(ErrorMessage.class);
    assertThat(error.getCode()).isEqualTo(573);
    assertThat(error.getMessage())
        .isEqualTo(
            "Expected service protocol 7 or newer for scopes and limit keys, but this attempt speaks 6");
  }

  // ---- signals ----

  @Test
  void aNamedSignalIsSentWithAValueOrAFailure() {
    withInput("")
        .handler(
            it -> {
              it.ask().signals().resolve("inv_child", "go", ByteString.copyFromUtf8("now"));
              it.ask()
                  .signals()
                  .reject("inv_child", "go", new NotificationResult.Failed(418, "no"));
            })
        .writes(
            sendSignal("inv_child", "go", "now"), sendSignalFailure("inv_child", "go", 418, "no"));
  }

  @Test
  void anAwakeableIsResolvedOrRejectedOnce() {
    Story.Handler both =
        it -> {
          it.ask().signals().resolveAwakeable("sign_1a", ByteString.copyFromUtf8("v"));
          it.ask().signals().rejectAwakeable("sign_1b", new NotificationResult.Failed(500, "nope"));
          it.succeed("");
        };
    withInput("")
        .handler(both)
        .writes(
            resolveAwakeable("sign_1a", "v"),
            rejectAwakeable("sign_1b", 500, "nope"),
            output(""),
            end());
    withInput("")
        .replays(resolveAwakeable("sign_1a", "v"), rejectAwakeable("sign_1b", 500, "nope"))
        .handler(both)
        .writes(output(""), end());
  }

  @Test
  void aNamedSignalIsWaitedForWithoutACommand() {
    Story.Handler wait = it -> it.succeed(it.value(it.ask().signals().named("go")));
    withInput("")
        .serverSays(Told.namedSignal("stop", "x"), Told.namedSignal("go", "v"))
        .handler(wait)
        .writes(output("v"), end());

    SuspensionMessage suspension =
        withInput("").requestEnds().handler(wait).writesOnly(SuspensionMessage.class);
    assertThat(suspension.getWaitingNamedSignalsList()).containsExactly("go");
    assertThat(suspension.getWaitingSignalsList()).containsExactly(1);
  }

  @Test
  void aSignalThatCameBeforeItIsAwaitedIsNotLost() {
    withInput("")
        .serverSays(
            Told.namedSignal("go", "early"), Told.sleepDone(1), Told.namedSignal("go", "late"))
        .handler(
            it -> {
              it.await(it.ask().sleep("", Duration.ZERO));
              String first = it.value(it.ask().signals().named("go"));
              it.succeed(first + " " + it.value(it.ask().signals().named("go")));
            })
        .writes(Wire.sleep(1, "", 1_000_000), output("early late"), end());
  }

  @Test
  void aSignalHasAName() {
    withInput("")
        .checks(
            it ->
                assertThatThrownBy(() -> it.ask().signals().named(""))
                    .hasMessage("Expected a signal's name, but it is empty"));
  }
}
