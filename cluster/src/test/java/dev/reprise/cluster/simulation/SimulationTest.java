package dev.reprise.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded runs of a whole small cluster. {@code -Dseed=N} repeats one, {@code -Dseeds=N} runs more.
 */
@Timeout(3_600)
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("seeds", 200);

  @BeforeAll
  static void watchTheLog() {
    LogWatch.install();
  }

  @Test
  void whateverHappensNothingIsLostAndNothingHappensTwice() {
    Long one = Long.getLong("seed");
    LongStream seeds = one == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(one);
    seeds.forEach(seed -> new Simulation(seed, Mutation.NONE).run());
  }

  @Test
  void oneSeedIsOneRun() {
    assertThat(stepsOf(7)).isEqualTo(stepsOf(7)).isPositive();
  }

  /**
   * Many seeds without a build around them.
   *
   * @param range the first and the last seed
   */
  public static void main(String[] range) {
    LogWatch.install();
    long last = Long.parseLong(range[1]);
    for (long seed = Long.parseLong(range[0]); seed <= last; seed++) {
      new Simulation(seed, Mutation.NONE).run();
      if (seed % 100 == 0) {
        System.out.println(seed + " seeds are clean");
      }
    }
  }

  private static long stepsOf(long seed) {
    Simulation simulation = new Simulation(seed, Mutation.NONE);
    simulation.run();
    return simulation.steps();
  }
}
