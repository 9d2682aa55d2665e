package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was applied before {@code kill -9} is there afterwards. */
class KilledProcessTest {
  private static final int ROUNDS = 2;

  @TempDir Path directory;

  @Test
  void whatWasAppliedOutlivesAKill() throws Exception {
    int applied = 0;
    for (int round = 0; round < ROUNDS; round++) {
      applied = Math.max(applied, runAndKill(applied + 200));
      assertHolds(applied);
    }
  }

  /** Runs until the child has applied this many in this life or before, then kills it. */
  private int runAndKill(int enough) throws Exception {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                KilledChild.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    int applied = 0;
    try (BufferedReader output = child.inputReader()) {
      String line = output.readLine();
      while (line != null && applied < enough) {
        if (line.matches("applied \\d+")) {
          applied = Integer.parseInt(line.substring("applied ".length()));
        }
        line = output.readLine();
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(applied).isGreaterThanOrEqualTo(enough);
    return applied;
  }

  private void assertHolds(int applied) {
    try (RatisRig rig = RatisRig.alone(directory, RatisSettings.Tuning.DEFAULT)) {
      RecordingReplica replica = new RecordingReplica(rig::changed);
      rig.open(0, LogId.partition(1), replica);
      rig.await("it leads", () -> replica.leading().isPresent());
      assertThat(replica.told().size()).isGreaterThanOrEqualTo(applied);
      assertThat(replica.told())
          .allMatch(told -> Arrays.equals(told.entry(), KilledChild.entry(number(told.text()))));
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text.split(" ", 3)[1]);
  }
}
