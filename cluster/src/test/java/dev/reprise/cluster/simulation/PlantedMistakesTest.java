package dev.reprise.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulator that finds nothing is broken: mistakes that are planted must be found, and soon. */
@Timeout(600)
class PlantedMistakesTest {
  private static final int SEEDS = 1_000;

  @BeforeAll
  static void watchTheLog() {
    LogWatch.install();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aPlantedMistakeIsFound(Mutation mistake) {
    String found = "";
    int seed = 0;
    while (found.isEmpty() && seed < SEEDS) {
      seed++;
      found = violation(seed, mistake);
    }
    System.out.println(mistake + " is found after " + seed + " seeds: " + firstLine(found));
    assertThat(found).as("found within %d seeds", SEEDS).isNotEmpty();
  }

  private static String violation(long seed, Mutation mistake) {
    try {
      new Simulation(seed, mistake).run();
      return "";
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.substring(0, Math.min(line.length(), 100));
  }
}
