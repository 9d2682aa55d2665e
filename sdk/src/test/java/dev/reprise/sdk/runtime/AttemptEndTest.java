package dev.reprise.sdk.runtime;

import static dev.reprise.sdk.core.Wire.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ErrorMessage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How an attempt ends when its stream, its journal or its bounds do not allow it to go on. */
@Timeout(30)
class AttemptEndTest {
  private static AttemptStory shop(String handler, String input) {
    return AttemptStory.of(new Shop(), handler).replays(input(input));
  }

  @Test
  void aLostStreamInterruptsTheStepAndEndsTheAttemptThoughUserCodeGoesOn() throws Exception {
    var shop = new Shop();
    AttemptStory story = AttemptStory.of(shop, "stubborn").replays(input("")).begin();
    assertThat(shop.inStep.await(10, TimeUnit.SECONDS)).isTrue();

    story.attempt().abort();

    assertThat(shop.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    awaitEnd(story);
    assertThat(story.services().runningAttempts()).isZero();
  }

  private static void awaitEnd(AttemptStory story) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (story.services().runningAttempts() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aJournalThatIsTooLargeFailsTheAttempt() {
    AttemptStory story =
        AttemptStory.bounded(new Shop(), "order", 1000).replays(input("x".repeat(1001))).begin();
    assertThat(((ErrorMessage) story.next().body()).getMessage()).contains("at most 1000 bytes");
  }

  @Test
  void noMoreAttemptsThanAllowedArePrepared() {
    AttemptStory story = shop("order", "");
    assertThat(story.services().prepare("Shop", "order", 6, story)).isEmpty();
  }

  @Test
  void messagesThatAreNoFramesFailTheAttempt() {
    AttemptStory story = shop("impatient", "").begin();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.attempt().unreadable("Expected a frame of at most 3 bytes, but it has 4");
    assertThat(((ErrorMessage) story.next().body()).getCode()).isEqualTo(571);
  }
}
