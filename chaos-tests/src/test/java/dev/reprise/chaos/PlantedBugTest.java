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
import dev.reprise.chaos.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
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
        List.of("counters"),
        1,
        List.of(Fault.PAUSE),
        Plan.Clients.hasty(6),
        () -> new Workload[] {new Counters()});
  }

  /** The leader alone is cut off from the others, and promises what they never hear of. */
  @Test
  void aLeaderThatAcknowledgesBeforeAQuorumHasItIsFound() throws Exception {
    storm.onlyInFull();
    isFound(
        Plant.ACKNOWLEDGES_BEFORE_QUORUM,
        List.of("registers are linearizable", "counters"),
        3,
        List.of(Fault.ISOLATE_LEADER, Fault.MUTE),
        Plan.Clients.hasty(6),
        () -> new Workload[] {new Registers(), new Counters()});
  }

  /** Messages between partitions are sent again, as their answers are lost. */
  @Test
  void aPartitionThatTakesAMessageAsOftenAsItComesIsFound() throws Exception {
    storm.onlyInFull();
    isFound(
        Plant.SKIPS_DEDUP,
        List.of("sends arrive once", "bank"),
        3,
        List.of(Fault.RESET_LINKS, Fault.SLOW_LINKS, Fault.KILL_LEADER),
        Plan.Clients.hasty(4),
        () -> new Workload[] {new Sends(), new Bank()});
  }

  /** The others have elected another leader, and the old one has not heard of it yet. */
  @Test
  void aDeposedLeaderThatAnswersReadsIsFound() throws Exception {
    storm.onlyInFull();
    isFound(
        Plant.SERVES_STALE_READS,
        List.of("registers are linearizable"),
        3,
        List.of(Fault.ISOLATE_LEADER, Fault.PAUSE_LEADER),
        Plan.Clients.hasty(12),
        () -> new Workload[] {Registers.looking()});
  }

  private void isFound(
      Plant plant,
      List<String> byOneOf,
      int nodes,
      List<Fault> faults,
      Plan.Clients clients,
      Supplier<Workload[]> workloads)
      throws Exception {
    String before = plant.in(storm.directory());
    SplittableRandom random = storm.random();
    for (int i = 0; i < TRIES; i++) {
      Plan plan =
          Plan.of(random.nextLong(), STORM, nodes, storm.directory())
              .with(faults)
              .of(workloads.get())
              .with(clients)
              .planted(before, PATIENCE);
      Outcome outcome = Runs.onProcesses(plan);
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
