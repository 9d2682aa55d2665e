package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Neighbours.isWholeOn;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.chaos.rig.Neighbours;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.storage.table.RuleVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.implementation.FixedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes are rolled to a build that knows a newer version of the rules. */
class RollingRulesTest {
  private static final Duration SOON = Duration.ofMinutes(3);

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void theRulesRiseWhenTheLastNodeKnowsThemAndNoOlderBuildIsLetInAfterwards() throws IOException {
    Path next = storm.directory();
    new ByteBuddy()
        .redefine(RuleVersion.class)
        .method(named("newest"))
        .intercept(FixedValue.value(2))
        .make()
        .saveIn(next.toFile());
    Neighbours nodes = storm.add(new Neighbours(storm.directory(), "demo", 3));
    nodes.launchAll();
    assertThat(whole(nodes, 1).getRules()).isEqualTo(1);

    for (int node = 1; node <= 3; node++) {
      assertThat(nodes.describe(node).getRules()).isEqualTo(1);
      nodes.process(node).stop();
      nodes.launchFrom(next, node, "--auto-provision");
      nodes.awaitReady(node);
      String name = "n" + node;
      nodes.await(
          node, SOON, name + " to know more", it -> Neighbours.named(it, name).getRules() == 2);
    }
    nodes.await(1, SOON, "the rules to rise", it -> it.getRules() == 2);
    // Whoever leads tells the partitions through their logs.
    eventually(
        SOON,
        () ->
            assertThat(nodes.tail())
                .contains("partition 0 follows rules of version 2")
                .contains("partition 1 follows rules of version 2"));

    nodes.process(2).stop();
    JavaProcess old = nodes.launch(2, "--auto-provision");
    assertThat(old.awaitEnd(SOON)).isEqualTo(1);
    assertThat(old.tail()).contains("Expected a build that knows rules of version 2");
    nodes.launchFrom(next, 2, "--auto-provision");
    nodes.awaitReady(2);
    whole(nodes, 2);
  }

  private static ClusterDescription whole(Neighbours nodes, int asked) {
    return nodes.await(
        asked,
        SOON,
        "three copies of everything",
        it -> isWholeOn(it, 1, 2, 3) && it.getMetadataVotersCount() == 3);
  }
}
