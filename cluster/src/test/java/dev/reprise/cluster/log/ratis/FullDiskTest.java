package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that takes no more bytes: nothing is acknowledged that is not there, and the log goes on
 * once there is room. The room is taken by a limit on file sizes, in a process of its own.
 */
class FullDiskTest {
  private static final int LIMIT_KIB = 2500;

  @TempDir Path directory;

  @Test
  void aFullDiskClosesTheLogUntilThereIsRoomAgain() throws Exception {
    assumeTrue(hasPrlimit(), "prlimit is not installed");
    Map<String, Integer> said = runChild();
    int applied = said.getOrDefault("applied", 0);

    assertThat(applied).isPositive().isLessThan(said.getOrDefault("proposed", 0));
    assertThat(said.getOrDefault("goneOn", 0)).isPositive();

    try (RatisRig rig = RatisRig.alone(directory, RatisSettings.Tuning.DEFAULT)) {
      RecordingReplica replica = new RecordingReplica(rig::changed);
      rig.open(0, LogId.partition(1), replica);
      rig.await("it leads", () -> replica.leading().isPresent());
      List<String> told = replica.texts();
      assertThat(told).hasSize(said.getOrDefault("held", 0)).doesNotHaveDuplicates();
      assertThat(told.get(applied - 1)).startsWith("entry " + (applied - 1));
    }
  }

  private static boolean hasPrlimit() {
    return Files.isExecutable(Path.of("/usr/bin/prlimit"));
  }

  private Map<String, Integer> runChild() throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    Path output = directory.resolve("child.txt");
    Process child =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -S -f " + LIMIT_KIB * 2 + " && exec \"$0\" \"$@\"",
                java,
                "-Xmx256m",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                FullDiskChild.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = child.waitFor(90, TimeUnit.SECONDS);
    child.destroyForcibly();
    String text = Files.readString(output);
    assertThat(ended && child.exitValue() == 0).as(text).isTrue();
    Map<String, Integer> said = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (words.length == 2 && words[1].matches("\\d+")) {
        said.put(words[0], Integer.parseInt(words[1]));
      }
    }
    return said;
  }
}
