package dev.reprise.sdk.runtime;

import static dev.reprise.api.MessageType.ATTACH_INVOCATION_COMPLETION;
import static dev.reprise.api.MessageType.GET_INVOCATION_OUTPUT_COMPLETION;
import static dev.reprise.sdk.core.Others.attach;
import static dev.reprise.sdk.core.Others.outputOf;
import static dev.reprise.sdk.core.Others.sendSignal;
import static dev.reprise.sdk.core.Others.sendSignalFailure;
import static dev.reprise.sdk.core.Told.callDone;
import static dev.reprise.sdk.core.Told.called;
import static dev.reprise.sdk.core.Told.cancelled;
import static dev.reprise.sdk.core.Told.done;
import static dev.reprise.sdk.core.Told.doneEmpty;
import static dev.reprise.sdk.core.Told.doneFailed;
import static dev.reprise.sdk.core.Told.namedSignal;
import static dev.reprise.sdk.core.Told.runDone;
import static dev.reprise.sdk.core.Wire.call;
import static dev.reprise.sdk.core.Wire.cancel;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.propose;
import static dev.reprise.sdk.core.Wire.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.ErrorMessage.Behavior;
import dev.reprise.sdk.AttemptFailedException;
import dev.reprise.sdk.CallFuture;
import dev.reprise.sdk.CancelledException;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Output;
import dev.reprise.sdk.RetryPolicy;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TerminalException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other invocations, signals, cancelling and pausing, as authors write them. */
@Timeout(30)
class ProgrammingModelTest {
  @Service
  static class Boss {
    private static final Target WORK = Target.service("worker", "work");

    @Handler
    String follow(Context ctx) {
      CallFuture<String> call = ctx.callAsync(WORK, null, String.class);
      Output<String> early = call.invocation().output(String.class).await();
      String late = call.invocation().attach(String.class).await();
      return early.isReady() + " " + late + " " + call.await();
    }

    @Handler
    String missing(Context ctx) {
      try {
        return ctx.attach(InvocationRef.id("inv_gone"), String.class).await();
      } catch (TerminalException e) {
        return e.code() + " " + e.getMessage();
      }
    }

    @Handler
    String listen(Context ctx) {
      return ctx.signal("go", String.class).await();
    }

    @Handler
    void tell(Context ctx) {
      ctx.invocation("inv_child").signal("go", "now");
      ctx.invocation("inv_child").signalFailure("go", new TerminalException(418, "never"));
      ctx.invocation("inv_child").cancel();
    }

    @Handler
    String undo(Context ctx) {
      try {
        return ctx.call(WORK, null, String.class);
      } catch (CancelledException e) {
        return ctx.run("undo", String.class, () -> "undone") + " " + e.code();
      }
    }

    @Handler
    @Options(explicitCancellation = true)
    String watch(Context ctx) {
      DurableFuture<String> work = ctx.callAsync(WORK, null, String.class);
      DurableFuture<Void> cancelled = ctx.cancellation();
      int first = ctx.select(work, cancelled).await();
      return first + " " + work.await();
    }

    @Handler
    int settle(Context ctx) {
      DurableFuture<String> good = ctx.signal("good", String.class);
      DurableFuture<String> bad = ctx.callAsync(WORK, null, String.class);
      ctx.allCompleted(List.of(good, bad)).await();
      try {
        return bad.await().length();
      } catch (TerminalException e) {
        return e.code();
      }
    }

    @Handler
    void deep(Context ctx) {
      DurableFuture<String> future = ctx.signal("go", String.class);
      for (int depth = 0; depth < 1000; depth++) {
        future = ctx.race(List.of(future));
      }
    }

    @Handler
    void rest(Context ctx) {
      throw new AttemptFailedException("closed", null).pausing();
    }

    @Handler
    void later(Context ctx) {
      ctx.run(
          "ask",
          RetryPolicy.fixed(Duration.ofMillis(5)),
          () -> {
            throw new AttemptFailedException("busy", null).retryAfter(Duration.ofSeconds(30));
          });
    }

    @Handler
    void stuck(Context ctx) {
      ctx.run(
          "ask",
          RetryPolicy.never().pauseWhenExhausted(),
          () -> {
            throw new IllegalStateException("down");
          });
    }
  }

  private static AttemptStory boss(String handler) {
    return AttemptStory.of(new Boss(), handler).replays(input("")).begin();
  }

  @Test
  void aCallIsFollowedByItsInvocation() {
    boss("follow")
        .writes(call(2, "worker", "work", ""))
        .says(called(1, "inv_child"))
        .writes(outputOf(3, "inv_child"))
        .says(doneEmpty(GET_INVOCATION_OUTPUT_COMPLETION, 3))
        .writes(attach(4, "inv_child"))
        .says(done(ATTACH_INVOCATION_COMPLETION, 4, "\"x\""))
        .says(callDone(2, "\"x\""))
        .writes(output("\"false x x\""), end());
  }

  @Test
  void attachingToNobodyFailsWith404() {
    boss("missing")
        .writes(attach(1, "inv_gone"))
        .says(doneFailed(ATTACH_INVOCATION_COMPLETION, 1, 404, "not found"))
        .writes(output("\"404 not found\""), end());
  }

  @Test
  void aSignalIsAwaitedByItsName() {
    boss("listen").says(namedSignal("go", "\"now\"")).writes(output("\"now\""), end());
  }

  @Test
  void signalsAndCancellationAreSent() {
    boss("tell")
        .writes(
            sendSignal("inv_child", "go", "\"now\""),
            sendSignalFailure("inv_child", "go", 418, "never"),
            cancel("inv_child"),
            output(""),
            end());
  }

  @Test
  void aCancelledHandlerCompensates() {
    boss("undo")
        .writes(call(2, "worker", "work", ""))
        .says(called(1, "inv_child"))
        .says(cancelled())
        .writes(cancel("inv_child"), run(3, "undo"), propose(3, "\"undone\""))
        .says(runDone(3, "\"undone\""))
        .writes(output("\"undone 409\""), end());
  }

  @Test
  void aHandlerThatLooksForItsCancellationItselfGoesOn() {
    boss("watch")
        .writes(call(2, "worker", "work", ""))
        .says(called(1, "inv_child"))
        .says(cancelled())
        .says(callDone(2, "\"x\""))
        .writes(output("\"1 x\""), end());
  }

  @Test
  void allCompletedWaitsForFailuresToo() {
    boss("settle")
        .writes(call(2, "worker", "work", ""))
        .says(called(1, "inv_child"))
        .says(doneFailed(dev.reprise.api.MessageType.CALL_COMPLETION, 2, 418, "no"))
        .says(namedSignal("good", "\"x\""))
        .writes(output("418"), end());
  }

  private static ErrorMessage error(int version, String handler) {
    AttemptStory story =
        AttemptStory.ofVersion(version, new Boss(), handler).replays(input("")).begin();
    var message = story.next();
    return (ErrorMessage) (message.body() instanceof ErrorMessage ? message : story.next()).body();
  }

  @Test
  void futuresThatAServerWouldTakeForAMistakeAreRefused() {
    assertThat(error(7, "deep").getMessage()).contains("Expected futures nested at most 900 deep");
  }

  @Test
  void aHandlerPausesItsInvocation() {
    assertThat(error(7, "rest").getBehavior()).isEqualTo(Behavior.PAUSE);
    assertThat(error(6, "rest").getBehavior()).as("unknown there").isEqualTo(Behavior.RETRY);
  }

  @Test
  void aStepSaysWhenToAskAgain() {
    ErrorMessage error = error(6, "later");
    assertThat(error.getNextRetryDelay()).isEqualTo(30_000);
    assertThat(error.getMessage()).contains("busy");
  }

  @Test
  void anExhaustedPolicyPauses() {
    ErrorMessage error = error(7, "stuck");
    assertThat(error.getBehavior()).isEqualTo(Behavior.PAUSE);
    assertThat(error.hasNextRetryDelay()).isFalse();
    assertThat(error.getRelatedCommandName()).isEqualTo("ask");
  }
}
