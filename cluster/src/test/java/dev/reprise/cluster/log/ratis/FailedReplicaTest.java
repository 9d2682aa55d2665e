package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A failing replica and the closing of its log may meet at any moment. Ratis's updater would spin
 * for ever at some of them, which would hang whoever closes.
 */
class FailedReplicaTest {
  private static final int ROUNDS = 20;
  private static final List<String> PROPOSED = List.of("healthy", "poison", "never told");

  @TempDir Path directory;

  @Test
  void aLogCanBeClosedWhileItsReplicaFails() {
    try (RatisRig rig = RatisRig.alone(directory, RatisSettings.Tuning.DEFAULT)) {
      for (int round = 0; round < ROUNDS; round++) {
        RecordingReplica replica = new RecordingReplica(rig::changed).failingAt("poison");
        LogId id = LogId.partition(round);
        ReplicatedLog log = rig.open(0, id, replica);
        rig.await("it leads", () -> replica.leading().isPresent());

        PROPOSED.forEach(entry -> propose(log, replica, entry));
        boolean poisonIsCommitted = round % 2 == 0;
        if (poisonIsCommitted) {
          rig.await("it fails", () -> replica.failure() != null);
        }
        log.close();

        assertThat(replica.texts()).isSubsetOf("healthy");
        RecordingReplica again = replica.reopened();
        rig.open(0, id, again);
        rig.await("it leads again", () -> again.leading().isPresent());
        assertThat(again.texts()).hasSizeGreaterThanOrEqualTo(poisonIsCommitted ? 2 : 0);
        assertThat(again.texts()).isEqualTo(PROPOSED.subList(0, again.texts().size()));
      }
    }
  }

  private static void propose(ReplicatedLog log, RecordingReplica replica, String entry) {
    long term = replica.leading().orElse(0);
    log.propose(term, entry.getBytes(StandardCharsets.UTF_8));
  }
}
