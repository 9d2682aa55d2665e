package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.fault.Fault;
import dev.reprise.chaos.plant.Plant;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.chaos.run.Outcome;
import dev.reprise.chaos.run.Plan;
import dev.reprise.chaos.run.Runs;
import dev.reprise.chaos.workload.Counters;
import dev.reprise.chaos.workload.Workload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The storm can fail: each bug that is put into a server is found. */
@Timeout(420)
class PlantedBugTest {
  private static final Duration STORM = Duration.ofSeconds(20);

  /** Chance may spare a bug once. */
  private static final int TRIES = 3;

  @RegisterExtension final Storm storm = new Storm();

  @Test
  void aServerThatDoesARepeatedRequestTwiceIsFound() throws Exception {
    isFound(Plant.FORGETS_REQUESTS, List.of("counters"), List.of(Fault.PAUSE), new Counters());
  }

  private void isFound(Plant plant, List<String> byOneOf, List<Fault> faults, Workload... workloads)
      throws Exception {
    String before = plant.in(storm.directory());
    var random = storm.random();
    for (int i = 0; i < TRIES; i++) {
      Plan plan =
          Plan.of(random.nextLong(), STORM, 1, storm.directory())
              .with(faults)
              .of(workloads)
              .clients(6)
              .planted(before);
      Outcome outcome = Runs.onProcesses(plan);
      List<Verdict> found =
          outcome.violations().stream().filter(it -> byOneOf.contains(it.check())).toList();
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
