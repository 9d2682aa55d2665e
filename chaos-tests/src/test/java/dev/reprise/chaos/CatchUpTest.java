package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.Effects;
import dev.reprise.chaos.rig.ProcessCluster;
import dev.reprise.chaos.rig.ServiceProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.chaos.workload.Counters;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that says that it serves knows what was registered while it was away. */
class CatchUpTest {
  private static final Duration SOON = Duration.ofMinutes(2);

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(900)
  void aNodeThatWasAwayRefusesNobodyWhatWasRegisteredMeanwhile() throws Exception {
    storm.onlyInFull();
    ProcessCluster cluster =
        storm.add(new ProcessCluster(ProcessCluster.Setup.of(3, storm.directory())));
    Effects effects = storm.effects();
    ServiceProcess services =
        storm.process(effects, new Counters().services().toArray(Class<?>[]::new));

    // Two nodes go on without the third.
    cluster.kill(2);
    eventually(SOON, () -> cluster.admin(0).register(services.uri()));
    cluster.start(2);
    cluster.awaitServing(2);

    assertThat(cluster.ingress(2).to("tally/a/add").within(SOON).post().expectText())
        .isEqualTo("1");
  }
}
