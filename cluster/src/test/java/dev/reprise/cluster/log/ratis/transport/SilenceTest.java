package dev.reprise.cluster.log.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a leader takes a new connection to a server that does not answer. */
class SilenceTest {
  private long now = 1;
  private final Silence silence = new Silence(() -> now);

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void whoAnswersKeepsItsConnection() {
    for (int i = 0; i < 100; i++) {
      pass(500);
      assertThat(silence.isTooLong(500)).isFalse();
    }
  }

  @Test
  void whoIsSilentInEveryLogGetsANewOneNowAndThen() {
    pass(5_001);
    assertThat(silence.isTooLong(5_001)).isTrue();
    assertThat(silence.isTooLong(5_001)).isFalse();

    pass(5_001);
    assertThat(silence.isTooLong(10_002)).isTrue();
  }

  @Test
  void whoIsSilentInOneLogOnlyKeepsIt() {
    for (int i = 1; i < 100; i++) {
      pass(500);
      assertThat(silence.isTooLong(100)).isFalse();
      assertThat(silence.isTooLong(i * 500L)).isFalse();
    }
  }
}
