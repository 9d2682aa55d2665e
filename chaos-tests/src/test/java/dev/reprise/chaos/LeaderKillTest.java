package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.Storm;
import dev.reprise.chaos.run.Failover;
import dev.reprise.chaos.run.Outcome;
import dev.reprise.chaos.run.Plan;
import dev.reprise.chaos.run.Runs;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code kill -9} of the leader under load: the others take over, and clients only see that they
 * wait.
 */
class LeaderKillTest {
  private static final int KILLS = Integer.getInteger("storm.rounds", 2);

  /** What is aimed at is in docs/storms.md; others may keep this machine busy. */
  private static final long MOST_MILLIS = 30_000;

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(1_800)
  void whoCallsIsServedAgainWhenTheLeaderIsKilled() throws Exception {
    storm.onlyInFull();
    Plan plan =
        Plan.of(storm.random().nextLong(), Duration.ZERO, 3, storm.directory())
            .killingLeaders(KILLS);
    storm.say("repeat with %s", plan.command());

    Outcome outcome = Runs.onProcesses(plan);

    Failover failover = Failover.of(outcome);
    storm.say(
        "served again after: median %d ms, worst %d ms%n%s",
        failover.medianMillis(), failover.worstMillis(), failover.table());
    assertThat(outcome.violations()).isEmpty();
    assertThat(failover.kills()).hasSize(KILLS);
    assertThat(failover.worstMillis()).isLessThan(MOST_MILLIS);
  }
}
