package dev.reprise.sdk.core;

import static dev.reprise.sdk.core.Story.withInput;
import static dev.reprise.sdk.core.Told.lazyState;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.getEager;
import static dev.reprise.sdk.core.Wire.getEagerKeys;
import static dev.reprise.sdk.core.Wire.getEagerNothing;
import static dev.reprise.sdk.core.Wire.getLazy;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.set;
import static dev.reprise.sdk.core.Wire.sleep;
import static dev.reprise.sdk.core.Wire.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ClearAllStateCommandMessage;
import dev.reprise.api.protocol.ClearStateCommandMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** State: read from what the server sent along, or asked for. */
class StateTest {
  private static void count(Story it) {
    Awaitable.Single count = it.ask().state().get("count");
    String before = it.value(count);
    it.ask().state().set("count", ByteString.copyFromUtf8(before + "1"));
    it.succeed(before);
  }

  @Test
  void aValueThatWasSentAlongIsReadAtOnce() {
    withInput("")
        .state("count", "8")
        .handler(StateTest::count)
        .writes(getEager("count", "8"), set("count", "81"), output("8"), end());
  }

  @Test
  void aKeyThatIsMissingInACompleteStateIsKnownToBeMissing() {
    withInput("")
        .state("other", "8")
        .handler(it -> it.await(it.ask().state().get("count")))
        .writes(getEagerNothing("count"));
  }

  @Test
  void aKeyThatIsMissingInAPartialStateIsAskedFor() {
    withInput("")
        .stateIsPartial()
        .serverSays(lazyState(1, "8"))
        .handler(StateTest::count)
        .writes(getLazy(1, "count"), set("count", "81"), output("8"), end());
  }

  @Test
  void askingForStateSuspendsWhenTheRequestIsClosed() {
    withInput("")
        .stateIsPartial()
        .requestEnds()
        .handler(StateTest::count)
        .writes(getLazy(1, "count"), suspension(List.of(1), List.of(1)));
  }

  @Test
  void aReplayTakesTheValueThatTheJournalHoldsNotTodays() {
    withInput("")
        .state("count", "99")
        .replays(getEager("count", "8"))
        .handler(StateTest::count)
        .writes(set("count", "81"), output("8"), end());
  }

  @Test
  void aReplayTakesTheLazyFormWhenThatWasRecorded() {
    withInput("")
        .state("count", "99")
        .replays(getLazy(1, "count"), lazyState(1, "8"))
        .handler(StateTest::count)
        .writes(set("count", "81"), output("8"), end());
  }

  @Test
  void aReplayTakesTheEagerFormThoughTheStateIsPartialNow() {
    withInput("")
        .stateIsPartial()
        .replays(getEagerNothing("count"))
        .handler(it -> it.await(it.ask().state().get("count")))
        .writesNothing();
  }

  @Test
  void anEagerReadTakesACompletionIdToo() {
    withInput("")
        .handler(
            it -> {
              it.ask().state().get("a");
              it.ask().state().keys();
              it.ask().sleep("", Duration.ZERO);
            })
        .writes(getEagerNothing("a"), getEagerKeys(), sleep(3, "", Story.NOW.toEpochMilli()));
  }

  @Test
  void whatWasWrittenOrClearedIsReadBackWithoutAsking() {
    withInput("")
        .stateIsPartial()
        .handler(
            it -> {
              StateCommands state = it.ask().state();
              state.set("a", ByteString.copyFromUtf8("1"));
              state.get("a");
              state.clear("a");
              state.get("a");
            })
        .writes(
            set("a", "1"),
            getEager("a", "1"),
            new ProtocolMessage(
                MessageType.CLEAR_STATE,
                ClearStateCommandMessage.newBuilder().setKey(ByteString.copyFromUtf8("a")).build()),
            getEagerNothing("a"));
  }

  @Test
  void afterClearingAllNothingHasToBeAskedFor() {
    withInput("")
        .stateIsPartial()
        .state("a", "1")
        .handler(
            it -> {
              it.ask().state().clearAll();
              it.ask().state().get("b");
              it.ask().state().keys();
            })
        .writes(
            new ProtocolMessage(
                MessageType.CLEAR_ALL_STATE, ClearAllStateCommandMessage.getDefaultInstance()),
            getEagerNothing("b"),
            getEagerKeys());
  }

  @Test
  void keysAreSortedAndClearedOnesAreNotAmongThem() {
    withInput("")
        .state("b", "")
        .state("c", "1")
        .state("a", "2")
        .checks(
            it -> {
              it.ask().state().clear("c");
              Awaitable.Single keys = it.ask().state().keys();
              it.await(keys);
              assertThat(keys.result())
                  .isEqualTo(new NotificationResult.StateKeys(List.of("a", "b")));
            });
  }
}
