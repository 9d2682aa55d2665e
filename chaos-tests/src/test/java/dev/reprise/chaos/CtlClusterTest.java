package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Neighbours.isWholeOn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.chaos.rig.Ctl;
import dev.reprise.chaos.rig.Neighbours;
import dev.reprise.chaos.rig.Storm;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What restatectl does to a cluster of several processes. */
class CtlClusterTest {
  private static final Duration SOON = Duration.ofMinutes(3);

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void aClusterIsProvisionedLookedAtMovedSnapshottedAndMadeSmaller() {
    Neighbours nodes = storm.add(new Neighbours(storm.directory(), "demo", 3));
    for (int node = 3; node >= 1; node--) {
      nodes.launch(node);
    }
    Ctl ctl = new Ctl("http://127.0.0.1:1", nodes.grpc(2));
    eventually(
        SOON, () -> assertThat(ctl.refused(1, "status")).contains("a node that is in a cluster"));
    assertThat(ctl.json("provision").path("provisioned").booleanValue()).isTrue();
    for (int node = 1; node <= 3; node++) {
      nodes.awaitReady(node);
    }
    ClusterDescription whole =
        nodes.await(1, SOON, "three copies of everything", it -> isWholeOn(it, 1, 2, 3));

    // Leadership goes where it is sent, in our words and in Restate's.
    int target = whole.getPartitions(0).getLeader() % 3 + 1;
    assertThat(ctl.text("partitions", "transfer", "0", "--to", "N" + target))
        .contains("is led by N" + target);
    int other = target % 3 + 1;
    eventually(
        SOON,
        () ->
            assertThat(
                    ctl.json("partition", "leader", "pin", "0", "--node", "" + other)
                        .path("leader"))
                .hasToString("\"N" + other + "\""));

    // Each copy, wherever it is.
    JsonNode taken = ctl.json("snapshots", "create");
    assertThat(taken).hasSize(6).allSatisfy(it -> assertThat(it.has("error")).isFalse());
    eventually(
        SOON,
        () ->
            assertThat(ctl.json("snapshots", "list"))
                .hasSize(6)
                .allSatisfy(
                    it -> {
                      assertThat(it.path("open").booleanValue()).isTrue();
                      assertThat(it.path("snapshot_index").longValue()).isPositive();
                    }));

    // One of three leaves; it shows on standard error how far that is.
    Ctl.Ran drained = ctl.run("nodes", "drain", "n3");
    assertThat(drained.exit()).as(drained::err).isZero();
    assertThat(drained.out()).contains("drained").contains("nodes remove");
    assertThat(drained.err()).contains("draining N").contains("2 of 2 replicas moved");
    assertThat(ctl.json("nodes", "remove", "n3").path("removed").booleanValue()).isTrue();
    assertThat(ctl.json("nodes", "list")).hasSize(2);
    assertThat(nodes.process(3).awaitEnd(SOON)).isEqualTo(1);
  }
}
