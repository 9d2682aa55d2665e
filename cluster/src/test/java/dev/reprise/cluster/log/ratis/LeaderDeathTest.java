package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody takes a dead leader's place at once, though a silent one is given a long time. */
@Timeout(120)
class LeaderDeathTest {
  private static final LogId LOG = LogId.partition(1);

  /** Longer than the stories' deadline. Followers learn late what is committed, too. */
  private static final Tuning PATIENT =
      new Tuning(Duration.ofSeconds(90), Duration.ofSeconds(120), 16L << 20, 1024, 4096);

  @TempDir Path directory;
  private final List<RecordingReplica> replicas = new ArrayList<>();
  private final List<ReplicatedLog> logs = new ArrayList<>();
  private RatisRig rig;

  @BeforeEach
  void threeWithALeader() {
    rig = RatisRig.cluster(directory, 3, PATIENT);
    for (int node = 0; node < 3; node++) {
      replicas.add(new RecordingReplica(rig::changed));
      logs.add(rig.open(node, LOG, replicas.get(node)));
    }
    rig.await("one leads", () -> leader() >= 0);
  }

  @AfterEach
  void end() {
    rig.close();
    replicas.forEach(it -> assertThat(it.violations()).isEmpty());
  }

  @Test
  void anotherLeadsAtOnce() {
    int dead = leader();
    propose("before");

    rig.kill(dead);

    rig.await("another leads", () -> leader() >= 0 && leader() != dead);
    propose("after");
    assertThat(replicas.get(leader()).texts()).containsExactly("before", "after");
  }

  @Test
  void whoHasTheLongerLogLeads() {
    int dead = leader();
    int behind = (dead + 1) % 3;
    int ahead = (dead + 2) % 3;
    rig.kill(behind);
    propose("without one");

    // The leader looks only now and then whether it is back.
    rig.restart(behind);
    replicas.set(behind, new RecordingReplica(rig::changed));
    logs.set(behind, rig.open(behind, LOG, replicas.get(behind)));
    rig.kill(dead);

    rig.await("who was there all the time leads", () -> leader() == ahead);
    assertThat(replicas.get(ahead).texts()).containsExactly("without one");
  }

  private int leader() {
    return replicas.stream().map(it -> it.leading().isPresent()).toList().indexOf(true);
  }

  private void propose(String entry) {
    int leader = leader();
    long term = replicas.get(leader).leading().orElseThrow();
    int before = replicas.get(leader).told().size();
    logs.get(leader).propose(term, entry.getBytes(StandardCharsets.UTF_8));
    rig.await("it is committed", () -> replicas.get(leader).told().size() == before + 1);
  }
}
