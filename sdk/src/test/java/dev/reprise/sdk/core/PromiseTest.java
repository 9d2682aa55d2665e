package dev.reprise.sdk.core;

import static dev.reprise.api.MessageType.COMPLETE_PROMISE_COMPLETION;
import static dev.reprise.api.MessageType.GET_PROMISE_COMPLETION;
import static dev.reprise.api.MessageType.PEEK_PROMISE_COMPLETION;
import static dev.reprise.sdk.core.Others.getPromise;
import static dev.reprise.sdk.core.Others.peekPromise;
import static dev.reprise.sdk.core.Others.rejectPromise;
import static dev.reprise.sdk.core.Others.resolvePromise;
import static dev.reprise.sdk.core.Story.withInput;
import static dev.reprise.sdk.core.Told.done;
import static dev.reprise.sdk.core.Told.doneEmpty;
import static dev.reprise.sdk.core.Told.doneFailed;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.suspension;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.ErrorMessage;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** A workflow's promises: what is asked, what is answered, and the same again in a replay. */
class PromiseTest {
  private static void get(Story it) {
    it.succeed(it.value(it.ask().promises().get("p")));
  }

  private static void peek(Story it) {
    it.succeed(it.value(it.ask().promises().peek("p")));
  }

  private static void resolve(Story it) {
    it.succeed(it.value(it.ask().promises().resolve("p", ByteString.copyFromUtf8("v"))));
  }

  @Test
  void aPromiseIsWaitedFor() {
    withInput("")
        .serverSays(done(GET_PROMISE_COMPLETION, 1, "v"))
        .handler(PromiseTest::get)
        .writes(getPromise(1, "p"), output("v"), end());
  }

  @Test
  void aReplayTakesThePromiseFromTheJournal() {
    withInput("")
        .replays(getPromise(1, "p"), done(GET_PROMISE_COMPLETION, 1, "v"))
        .handler(PromiseTest::get)
        .writes(output("v"), end());
  }

  @Test
  void aPromiseThatNobodyCompletedSuspends() {
    withInput("")
        .replays(getPromise(1, "p"))
        .requestEnds()
        .handler(PromiseTest::get)
        .writes(suspension(List.of(1), List.of(1)));
  }

  @Test
  void aPeekSeesNothingOrTheValue() {
    withInput("")
        .serverSays(doneEmpty(PEEK_PROMISE_COMPLETION, 1))
        .handler(PromiseTest::peek)
        .writes(peekPromise(1, "p"), output("Empty[]"), end());
    withInput("")
        .serverSays(done(PEEK_PROMISE_COMPLETION, 1, "v"))
        .handler(PromiseTest::peek)
        .writes(peekPromise(1, "p"), output("v"), end());
  }

  @Test
  void completingIsAnsweredWithNothingOrWithWhatWasWrong() {
    withInput("")
        .serverSays(doneEmpty(COMPLETE_PROMISE_COMPLETION, 1))
        .handler(PromiseTest::resolve)
        .writes(resolvePromise(1, "p", "v"), output("Empty[]"), end());
    withInput("")
        .serverSays(doneFailed(COMPLETE_PROMISE_COMPLETION, 1, 409, "done"))
        .handler(PromiseTest::resolve)
        .writes(
            resolvePromise(1, "p", "v"),
            output("Failed[code=409, message=done, metadata={}]"),
            end());
  }

  @Test
  void rejectingSaysCodeAndMessage() {
    withInput("")
        .handler(
            it -> it.ask().promises().reject("p", new NotificationResult.Failed(410, "too late")))
        .writes(rejectPromise(1, "p", 410, "too late"));
  }

  @Test
  void resolvingWhereTheJournalRejectedIsAMismatch() {
    ErrorMessage error =
        withInput("")
            .replays(rejectPromise(1, "p", 410, "too late"))
            .handler(PromiseTest::resolve)
            .writesOnly(ErrorMessage.class);
    Assertions.assertThat(error.getCode()).isEqualTo(570);
    Assertions.assertThat(error.getMessage()).contains("completion_value (recorded: none");
  }
}
