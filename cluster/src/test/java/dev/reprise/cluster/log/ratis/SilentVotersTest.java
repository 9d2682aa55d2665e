package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.LogStories;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ratis.transport.SilentVoters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose connections are taken anew while a log has no leader. */
@Timeout(120)
class SilentVotersTest extends LogStories {
  private static final LogId ANOTHER = LogId.partition(2);

  private final List<Runnable> renewals = new ArrayList<>();
  private long now = 1;

  @TempDir Path directory;

  @Override
  protected LogRig startRig() {
    return RatisRig.cluster(directory, 2);
  }

  @Test
  void whoFollowsInAnotherLogIsLeftAloneAndWhoDoesNotIsAskedNowAndThen() {
    Member leader = leader();
    int node = nodeOf(leader);
    RaftServer server = ((RatisLog) log(leader)).division().getRaftServer();
    SilentVoters voters = new SilentVoters(server, () -> now, renewals::add);
    RatisLog alone = (RatisLog) rig.open(node, ANOTHER, new RecordingReplica(() -> {}));
    assertThat(alone.division().getInfo().getLeaderId()).as("nobody leads it").isNull();

    lookLater(voters);
    lookLater(voters);
    assertThat(renewals).as("it follows in the first log").isEmpty();

    kill(1 - node);
    rig.await("nobody leads", () -> !((RatisLog) log(leader)).division().getInfo().isLeader());
    lookLater(voters);
    lookLater(voters);
    voters.look();
    assertThat(renewals).as("once a while").hasSize(2);
  }

  private void lookLater(SilentVoters voters) {
    now += TimeUnit.SECONDS.toNanos(6);
    voters.look();
  }
}
