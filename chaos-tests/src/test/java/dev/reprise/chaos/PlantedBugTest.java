package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.check.Verdict.Judgement;
import dev.reprise.chaos.fault.Fault;
import dev.reprise.chaos.plant.Plant;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.chaos.run.Outcome;
import dev.reprise.chaos.run.Plan;
import dev.reprise.chaos.run.Runs;
import dev.reprise.chaos.workload.Bank;
import dev.reprise.chaos.workload.Counters;
import dev.reprise.chaos.workload.Registers;
import dev.reprise.chaos.workload.Sends;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The storm can fail: each bug that is put into a server is found. */
@Timeout(900)
class PlantedBugTest {
  private static final Duration STORM = Duration.ofSeconds(40);

  /** A cluster with a bug may never come to rest, and need not. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Chance may spare a bug once. */
  private static final int TRIES = 3;

  @RegisterExtension final Storm storm = new Storm();

  @Test
  void aServerThatDoesARepeatedRequestTwiceIsFound() throws Exception {
    isFound(
        Plant.FORGETS_REQUESTS,
        1,
        List.of("counters"),
        it -> it.with(List.of(Fault.PAUSE)).of(new Counters()).with(Plan.Clients.hasty(6)));
  }

  /** The leader alone is cut off from the others, and promises what they never hear of. */
  @Test
  void aLeaderThatAcknowledgesBeforeAQuorumHasItIsFound() throws Exception {
    storm.onlyInFull();
    isFound(
        Plant.ACKNOWLEDGES_BEFORE_QUORUM,
        3,
        List.of("registers are linearizable", "counters"),
        it ->
            it.with(List.of(Fault.ISOLATE_LEADER, Fault.MUTE))
                .of(new Registers(), new Counters())
                .with(Plan.Clients.hasty(6))
                .holdingLong());
  }

  /** Messages between partitions are sent again, as their answers are lost. */
  @Test
  void aPartitionThatTakesAMessageAsOftenAsItComesIsFound() throws Exception {
    storm.onlyInFull();
    isFound(
        Plant.SKIPS_DEDUP,
        3,
        List.of("sends arrive once", "bank"),
        it ->
            it.with(List.of(Fault.RESET_LINKS, Fault.SLOW_LINKS))
                .of(new Sends(), new Bank())
                .with(Plan.Clients.hasty(4)));
  }

  /** The others have elected another leader, and the old one has not heard of it yet. */
  @Test
  void aDeposedLeaderThatAnswersReadsIsFound() throws Exception {
    storm.onlyInFull();
    isFound(
        Plant.SERVES_STALE_READS,
        3,
        List.of("registers are linearizable"),
        it ->
            it.with(List.of(Fault.ISOLATE_LEADER, Fault.PAUSE_LEADER))
                .of(Registers.looking())
                .with(Plan.Clients.hasty(12))
                .holdingLong());
  }

  private void isFound(Plant plant, int nodes, List<String> byOneOf, UnaryOperator<Plan> how)
      throws Exception {
    String before = plant.in(storm.directory());
    SplittableRandom random = storm.random();
    for (int i = 0; i < TRIES; i++) {
      Plan plan = how.apply(Plan.of(random.nextLong(), STORM, nodes, storm.directory()));
      Outcome outcome = Runs.onProcesses(plan.planted(before, PATIENCE));
      List<Verdict> found =
          outcome.verdicts().stream()
              .filter(it -> it.judgement() == Judgement.VIOLATED && byOneOf.contains(it.check()))
              .toList();
      storm.say(
          "%s, %d acts, %d faults, found by %s",
          plant, outcome.acts().size(), outcome.strikes().size(), found);
      if (!found.isEmpty()) {
        return;
      }
    }
    assertThat(plant).as("planted %d times, and not found", TRIES).isNull();
  }
}
