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
      assertThat(silence.tooLong(500)).isZero();
    }
  }

  @Test
  void whoIsSilentInEveryLogGetsANewOneNowAndThen() {
    pass(5_001);
    assertThat(silence.tooLong(5_001)).isEqualTo(1);
    assertThat(silence.tooLong(5_001)).isZero();

    pass(5_001);
    assertThat(silence.tooLong(10_002)).isEqualTo(2);
    assertThat(silence.tooLong(10)).isZero();
    pass(5_001);
    assertThat(silence.tooLong(5_001)).isEqualTo(1);
  }

  @Test
  void whoIsSilentInOneLogOnlyKeepsIt() {
    for (int i = 1; i < 100; i++) {
      pass(500);
      assertThat(silence.tooLong(100)).isZero();
      assertThat(silence.tooLong(i * 500L)).isZero();
    }
  }
}
