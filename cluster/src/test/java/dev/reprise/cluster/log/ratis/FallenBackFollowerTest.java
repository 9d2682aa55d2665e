package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower comes back with another log than its leader expects: with less than it had
 * acknowledged, as one does whose damaged files were replaced by another replica's state, or with
 * entries that nobody else has. Its leader must listen to it.
 */
@Timeout(180)
class FallenBackFollowerTest {
  private static final LogId LOG = LogId.partition(1);

  @TempDir Path directory;
  private final List<RecordingReplica> replicas = new ArrayList<>();
  private final List<ReplicatedLog> logs = new ArrayList<>();
  private RatisRig rig;
  private int leader;
  private int follower;
  private int proposed;

  @BeforeEach
  void threeHaveTheSame() {
    rig = RatisRig.cluster(directory.resolve("nodes"), 3);
    for (int node = 0; node < 3; node++) {
      replicas.add(new RecordingReplica(rig::changed));
      logs.add(rig.open(node, LOG, replicas.get(node)));
    }
    rig.await("one leads", () -> replicas.stream().anyMatch(it -> it.leading().isPresent()));
    findLeader();
    follower = (leader + 1) % 3;
    propose(20);
    awaitAllEverywhere();
  }

  @AfterEach
  void end() {
    rig.close();
    replicas.forEach(it -> assertThat(it.violations()).isEmpty());
  }

  @Test
  void itGetsWhatItLacksThoughNothingNewIsWritten() throws IOException {
    comesBackWithLess();

    awaitAllEverywhere();
  }

  @Test
  void itGetsWhatItLacksWhileMoreIsWritten() throws IOException {
    comesBackWithLess();
    propose(2_000);

    awaitAllEverywhere();
  }

  @Test
  void aFormerLeaderDropsAtOnceWhatNobodyElseHas() {
    int former = leader;
    List<Integer> others = List.of((former + 1) % 3, (former + 2) % 3);
    others.forEach(rig::kill);
    RecordingReplica before = replicas.get(former);
    int agreed = proposed;
    propose(400);
    rig.kill(former);
    proposed = agreed;

    others.forEach(it -> start(it, replicas.get(it).reopened()));
    rig.await("one leads", () -> others.stream().anyMatch(it -> leads(it)));
    findLeader();
    propose(400);
    start(former, before.reopened());

    awaitAllEverywhere();
  }

  /** It acknowledges ten more, and forgets them. */
  private void comesBackWithLess() throws IOException {
    Path files = directory.resolve("nodes").resolve("n" + (follower + 1));
    Path older = directory.resolve("older");
    RecordingReplica before = stop();
    copy(files, older);
    start(follower, before.reopened());
    propose(10);
    awaitAllEverywhere();

    stop();
    LogFiles.delete(LOG, files);
    copy(older, files);
    start(follower, before.reopened());
  }

  private RecordingReplica stop() {
    rig.kill(follower);
    return replicas.get(follower);
  }

  private void start(int node, RecordingReplica replica) {
    rig.restart(node);
    replicas.set(node, replica);
    logs.set(node, rig.open(node, LOG, replica));
  }

  private boolean leads(int node) {
    return replicas.get(node).leading().isPresent();
  }

  private void findLeader() {
    leader = replicas.stream().map(it -> it.leading().isPresent()).toList().indexOf(true);
  }

  private void propose(int many) {
    long term = replicas.get(leader).leading().orElseThrow();
    for (int i = 0; i < many; i++) {
      String entry = "entry-" + proposed++;
      logs.get(leader).propose(term, entry.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void awaitAllEverywhere() {
    for (int node = 0; node < 3; node++) {
      RecordingReplica replica = replicas.get(node);
      rig.await(
          "n%d has %d entries".formatted(node + 1, proposed),
          () -> replica.told().size() == proposed);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copied = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copied);
        } else {
          Files.copy(file, copied);
        }
      }
    }
  }
}
