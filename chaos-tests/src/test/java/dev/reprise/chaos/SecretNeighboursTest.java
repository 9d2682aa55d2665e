package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Neighbours.isWholeOn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.chaos.rig.Certificates;
import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.chaos.rig.Neighbours;
import dev.reprise.chaos.rig.Storm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that speak TLS to each other. */
class SecretNeighboursTest {
  private static final Duration SOON = Duration.ofMinutes(3);

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void nodesKnowEachOtherByCertificatesAndTakeNewOnesWhileTheyRun() {
    Neighbours nodes = storm.add(new Neighbours(storm.directory(), "demo", 3));
    Certificates ours = new Certificates(storm.directory(), "ours");
    List<Certificates.Pair> pairs = new ArrayList<>();
    for (int node = 1; node <= 4; node++) {
      pairs.add(ours.pair("n" + node));
    }
    for (int node = 3; node >= 1; node--) {
      nodes.launch(node, flags(ours, pairs.get(node - 1), "--auto-provision"));
    }
    for (int node = 1; node <= 3; node++) {
      nodes.awaitReady(node);
    }
    whole(nodes, 1);

    // A stranger without certificates is told so, and so is one with somebody else's.
    JavaProcess plain = nodes.launch(4);
    assertThat(plain.awaitEnd(SOON)).isEqualTo(1);
    assertThat(plain.tail()).contains("speaks TLS, and this one plainly");
    Certificates theirs = new Certificates(storm.directory(), "theirs");
    Certificates.Pair foreign = theirs.pair("n4");
    JavaProcess stranger = nodes.launch(4, flags(ours, foreign));
    assertThat(stranger.awaitEnd(SOON)).isEqualTo(1);
    assertThat(stranger.tail()).contains("to believe each other's certificates");
    assertThat(anyTail(nodes)).contains("Expected a certificate of a node that", "CN=n4");

    // Each node gets a new certificate while it runs; then connections are made anew.
    for (int node = 1; node <= 3; node++) {
      pairs.get(node - 1).become(ours.pair("n" + node));
      nodes.process(node).awaitLine(it -> it.contains("nodes are shown the certificate"), SOON);
    }
    nodes.process(2).kill();
    nodes.launch(2, flags(ours, pairs.get(1), "--auto-provision"));
    nodes.awaitReady(2);
    whole(nodes, 1);
    nodes.launch(4, flags(ours, pairs.get(3)));
    nodes.awaitReady(4);
    nodes.await(1, SOON, "four nodes", it -> it.getNodesCount() == 4);
  }

  private static String anyTail(Neighbours nodes) {
    StringBuilder all = new StringBuilder();
    for (int node = 1; node <= 3; node++) {
      all.append(nodes.process(node).tail());
    }
    return all.toString();
  }

  private static ClusterDescription whole(Neighbours nodes, int asked) {
    return nodes.await(
        asked,
        SOON,
        "three copies of everything",
        it -> isWholeOn(it, 1, 2, 3) && it.getMetadataVotersCount() == 3);
  }

  private static String[] flags(Certificates authority, Certificates.Pair pair, String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--cluster-certificate-pem-file",
                pair.certificate().toString(),
                "--cluster-private-key-pem-file",
                pair.key().toString(),
                "--cluster-trust-pem-file",
                authority.trust().toString()));
    flags.addAll(List.of(more));
    return flags.toArray(String[]::new);
  }
}
