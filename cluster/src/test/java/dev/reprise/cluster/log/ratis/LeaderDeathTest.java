package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.LogStories;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody takes a dead leader's place at once, though a silent one is given a long time. */
@Timeout(120)
class LeaderDeathTest extends LogStories {
  /** Longer than the stories' deadline. Followers learn late what is committed, too. */
  private static final Tuning PATIENT =
      new Tuning(Duration.ofSeconds(90), Duration.ofSeconds(120), 16L << 20, 1024, 4096);

  @TempDir Path directory;

  @Override
  protected LogRig startRig() {
    return RatisRig.cluster(directory, 3, PATIENT);
  }

  @Test
  void anotherLeadsAtOnce() {
    Member dead = leader();
    propose(dead, "before");
    awaitApplied(dead, 1);

    kill(nodeOf(dead));

    Member next = leader();
    propose(next, "after");
    awaitApplied(next, 2);
    assertThat(next.replica.texts()).containsExactly("before", "after");
  }

  @Test
  void whoHasTheLongerLogLeads() {
    Member dead = leader();
    int behind = (nodeOf(dead) + 1) % 3;
    int ahead = (nodeOf(dead) + 2) % 3;
    kill(behind);
    propose(dead, "without one");
    awaitApplied(dead, 1);

    // The leader looks only now and then whether it is back.
    start(behind, new RecordingReplica(rig::changed));
    kill(nodeOf(dead));

    assertThat(nodeOf(leader())).isEqualTo(ahead);
    assertThat(members[ahead].replica.texts()).containsExactly("without one");
  }
}
