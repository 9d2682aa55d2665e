package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.container.Image;
import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.chaos.run.Outcome;
import dev.reprise.chaos.run.Plan;
import dev.reprise.chaos.run.Runs;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole storm in short: all workloads, all faults that the nodes can have. */
class ShortStormTest {
  private static final Duration ALONE = Duration.ofSeconds(Integer.getInteger("storm.seconds", 30));
  private static final Duration THREE = Duration.ofSeconds(Integer.getInteger("storm.seconds", 75));

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(420)
  void oneNodeKeepsWhatItAcknowledgedWhateverIsDoneToIt() throws Exception {
    weathers(
        Plan.of(storm.random().nextLong(), ALONE, 1, storm.directory()), "", Runs::onProcesses);
  }

  @Test
  @Timeout(1_200)
  void threeNodesKeepWhatTheyAcknowledgedWhateverIsDoneToThem() throws Exception {
    storm.onlyInFull();
    weathers(
        Plan.of(storm.random().nextLong(), THREE, 3, storm.directory()), "", Runs::onProcesses);
  }

  @Test
  @Tag("docker")
  @Timeout(1_200)
  void threeContainersKeepWhatTheyAcknowledgedWhateverIsDoneToThem() throws Exception {
    storm.onlyInFull();
    String image = Image.expect();
    weathers(
        Plan.of(storm.random().nextLong(), THREE, 3, storm.directory()),
        " --containers",
        plan -> Runs.inContainers(image, plan));
  }

  /** Lets a plan run. */
  @FunctionalInterface
  private interface Ground {
    Outcome run(Plan plan) throws Exception;
  }

  private void weathers(Plan plan, String more, Ground ground) throws Exception {
    storm.say("repeat with %s%s", plan.command(), more);

    Outcome outcome = ground.run(plan);

    storm.say(
        "%d acts, %d answered; %d faults: %s",
        outcome.acts().size(),
        outcome.acts().stream().filter(Act::done).count(),
        outcome.strikes().size(),
        outcome.strikes().stream().map(it -> it.fault()).distinct().toList());
    outcome.verdicts().forEach(it -> storm.say("%s", it));
    assertThat(outcome.violations()).isEmpty();
    assertThat(outcome.strikes()).isNotEmpty();
    assertThat(outcome.verdicts()).allSatisfy(it -> assertThat(it.examined()).isPositive());
  }
}
