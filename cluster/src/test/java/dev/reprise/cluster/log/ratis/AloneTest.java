package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is alone is nobody's neighbour. */
class AloneTest {
  private static final Path PROC = Path.of("/proc/self");

  @TempDir Path directory;

  @Test
  void aNodeThatIsAloneOpensNoPort() throws IOException {
    assumeTrue(Files.isDirectory(PROC), "there is no /proc to look into");
    Set<String> before = listening();
    try (RatisRig rig = RatisRig.alone(directory, RatisSettings.Tuning.DEFAULT)) {
      RecordingReplica replica = new RecordingReplica(rig::changed);
      rig.open(0, LogId.METADATA, replica);
      rig.await("it leads", () -> replica.leading().isPresent());

      assertThat(listening()).isSubsetOf(before);
    }
    try (RatisRig rig = RatisRig.cluster(directory.resolve("cluster"), 2)) {
      assertThat(rig.nodes()).isEqualTo(2);
      assertThat(listening()).hasSize(before.size() + 2);
    }
  }

  @Test
  void twoOfTheLargestEntriesInFlightAreAppliedWhole() {
    byte[] first = new byte[40 << 20];
    byte[] second = new byte[64 << 20];
    Arrays.fill(first, (byte) 1);
    Arrays.fill(second, (byte) 2);
    try (RatisRig rig = RatisRig.alone(directory, RatisSettings.Tuning.DEFAULT)) {
      RecordingReplica replica = new RecordingReplica(rig::changed);
      ReplicatedLog log = rig.open(0, LogId.METADATA, replica);
      rig.await("it leads", () -> replica.leading().isPresent());
      long term = replica.leading().orElseThrow();

      log.propose(term, first);
      log.propose(term, second);

      rig.await("both are applied", () -> replica.told().size() == 2);
      assertThat(Arrays.equals(replica.told().get(0).entry(), first)).isTrue();
      assertThat(Arrays.equals(replica.told().get(1).entry(), second)).isTrue();
    }
  }

  /** The listening sockets among the open files of this process. */
  private static Set<String> listening() throws IOException {
    Set<String> listening = new HashSet<>();
    for (String table : new String[] {"net/tcp", "net/tcp6"}) {
      for (String line : Files.readAllLines(PROC.resolve(table))) {
        String[] columns = line.trim().split("\\s+", -1);
        if (columns[3].equals("0A")) {
          listening.add("socket:[" + columns[9] + "]");
        }
      }
    }
    listening.retainAll(openSockets());
    return listening;
  }

  private static Set<String> openSockets() throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> files = Files.list(PROC.resolve("fd"))) {
      for (Path file : files.toList()) {
        if (Files.isSymbolicLink(file)) {
          sockets.add(Files.readSymbolicLink(file).toString());
        }
      }
    }
    return sockets;
  }
}
