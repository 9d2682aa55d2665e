package dev.reprise.cluster.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log is cut by itself, also while a follower is down, and keeps what a short outage needs. */
@Timeout(300)
class BoundedLogTest {
  private static final long KEPT = 512 << 10;
  private static final long SEGMENT = 64 << 10;

  /** The tail, what is not flushed yet, the open segment with what is allocated, and some slack. */
  private static final long BOUND = KEPT + KEPT / 8 + 2 * (128 << 10) + (1 << 20) + 4 * SEGMENT;

  private static final Tuning SMALL =
      new Tuning(Duration.ofMillis(700), Duration.ofMillis(1400), SEGMENT, 20, 20, KEPT);

  @TempDir Path directory;
  private Trio trio;

  @BeforeEach
  void start() {
    trio = new Trio(directory, SMALL, Trio.seed());
  }

  @AfterEach
  void stop() {
    trio.close();
  }

  @Test
  void theLogStaysUnderItsBoundWhileAFollowerIsDown() {
    trio.write(100);
    TrioNode down = trio.follower();
    down.stop();
    long largest = 0;

    for (int i = 0; i < 40; i++) {
      trio.write(250);
      for (TrioNode node : trio.nodes) {
        largest = Math.max(largest, Trio.size(node.log()));
      }
    }

    System.out.println("largest log: " + largest + " bytes of " + 40 * 250 * 550 + " written");
    assertThat(largest).isLessThan(BOUND);
    down.start();
    trio.write(100);
    trio.sameEverywhere();
  }

  @Test
  void aShortOutageNeedsNoCheckpoint() {
    trio.write(3000);
    TrioNode down = trio.follower();
    down.stop();

    trio.write(400);
    down.start();
    trio.write(100);

    trio.sameEverywhere();
    assertThat(down.keeper().rebuilds()).isZero();
  }
}
