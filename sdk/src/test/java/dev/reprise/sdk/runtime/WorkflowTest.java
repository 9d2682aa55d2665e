package dev.reprise.sdk.runtime;

import static dev.reprise.api.MessageType.COMPLETE_PROMISE_COMPLETION;
import static dev.reprise.api.MessageType.GET_PROMISE_COMPLETION;
import static dev.reprise.api.MessageType.PEEK_PROMISE_COMPLETION;
import static dev.reprise.sdk.core.Others.getPromise;
import static dev.reprise.sdk.core.Others.peekPromise;
import static dev.reprise.sdk.core.Others.rejectPromise;
import static dev.reprise.sdk.core.Others.resolvePromise;
import static dev.reprise.sdk.core.Told.done;
import static dev.reprise.sdk.core.Told.doneEmpty;
import static dev.reprise.sdk.core.Told.doneFailed;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.outputFailure;
import static dev.reprise.sdk.core.Wire.set;

import dev.reprise.sdk.DurablePromise;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedWorkflowContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.Workflow;
import dev.reprise.sdk.WorkflowContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A workflow and its promises, as authors write them. */
@Timeout(30)
class WorkflowTest {
  @Workflow("signup")
  static class Signup {
    private static final PromiseKey<String> LINK = PromiseKey.of("link", String.class);

    @Handler
    String run(WorkflowContext ctx, String email) {
      ctx.set(StateKey.of("email", String.class), email);
      return ctx.key() + " clicked " + ctx.promise(LINK).await();
    }

    @Shared
    String click(SharedWorkflowContext ctx, String secret) {
      DurablePromise<String> link = ctx.promise(LINK);
      String before = link.peek().orElse("nothing");
      link.resolve(secret);
      return before;
    }

    @Shared
    String giveUp() {
      try {
        SharedWorkflowContext.current().promise(LINK).reject(new TerminalException(410, "late"));
        return "given up";
      } catch (TerminalException e) {
        return e.code() + " " + e.getMessage();
      }
    }
  }

  private static AttemptStory signup(String handler, String input) {
    return AttemptStory.of(new Signup(), handler).replays(input(input)).begin();
  }

  @Test
  void aWorkflowWaitsForItsPromise() {
    signup("run", "\"a@x\"")
        .writes(set("email", "\"a@x\""), getPromise(1, "link"))
        .says(done(GET_PROMISE_COMPLETION, 1, "\"s3cret\""))
        .writes(output("\"Ada clicked s3cret\""), end());
  }

  @Test
  void aRejectedPromiseFailsTheWorkflow() {
    signup("run", "\"a@x\"")
        .writes(set("email", "\"a@x\""), getPromise(1, "link"))
        .says(doneFailed(GET_PROMISE_COMPLETION, 1, 410, "late"))
        .writes(outputFailure(410, "late"), end());
  }

  @Test
  void aSharedHandlerPeeksAndResolves() {
    signup("click", "\"s3cret\"")
        .writes(peekPromise(1, "link"))
        .says(doneEmpty(PEEK_PROMISE_COMPLETION, 1))
        .writes(resolvePromise(2, "link", "\"s3cret\""))
        .says(doneEmpty(COMPLETE_PROMISE_COMPLETION, 2))
        .writes(output("\"nothing\""), end());
  }

  @Test
  void aPromiseThatWasCompletedSaysSo() {
    signup("giveUp", "")
        .writes(rejectPromise(1, "link", 410, "late"))
        .says(doneFailed(COMPLETE_PROMISE_COMPLETION, 1, 409, "done before"))
        .writes(output("\"409 done before\""), end());
  }
}
