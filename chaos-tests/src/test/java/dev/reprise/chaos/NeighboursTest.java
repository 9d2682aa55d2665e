package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Neighbours.isWholeOn;
import static dev.reprise.chaos.rig.Neighbours.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.DrainNodeRequest;
import dev.reprise.api.admin.v1.ProvisionRequest;
import dev.reprise.api.admin.v1.RemoveNodeRequest;
import dev.reprise.api.admin.v1.TransferLeaderRequest;
import dev.reprise.chaos.rig.Eventually;
import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.chaos.rig.Neighbours;
import dev.reprise.chaos.rig.Storm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes become a cluster, lose nodes and get them back, grow and shrink. */
class NeighboursTest {
  private static final Duration SOON = Duration.ofMinutes(3);

  /** Elections take one to two seconds; the rest is this machine's. */
  private static final Duration FAILOVER = Duration.ofSeconds(60);

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void threeNodesFindEachOtherAndLeadersMoveWhenTheirsGo() {
    Neighbours nodes = given(3);
    nodes.launchAll();
    ClusterDescription whole = whole(nodes, 1);
    assertThat(whole.getMetadataVotersList()).containsExactlyInAnyOrder(1, 2, 3);

    // One that leads is killed: the others elect, and it comes back as a follower.
    int killed = whole.getPartitions(0).getLeader();
    int other = killed == 1 ? 2 : 1;
    long begin = System.nanoTime();
    processOf(nodes, whole, killed).kill();
    nodes.await(
        number(whole, other),
        FAILOVER,
        "leaders elsewhere",
        it ->
            it.getPartitionsList().stream()
                .allMatch(p -> p.getLeader() != 0 && p.getLeader() != killed));
    storm.say("led again after %d ms", (System.nanoTime() - begin) / 1_000_000);
    int back = number(whole, killed);
    nodes.launch(back, "--auto-provision");
    nodes.awaitReady(back);
    ClusterDescription again = whole(nodes, back);
    assertThat(named(again, "n" + back).getGeneration()).isEqualTo(1);

    // Leadership goes where it is asked to.
    int target = again.getPartitions(0).getLeader() % 3 + 1;
    assertThat(
            nodes
                .ask(
                    back,
                    stub ->
                        stub.transferLeader(
                            TransferLeaderRequest.newBuilder().setTo(target).build()))
                .getDone())
        .isTrue();
    ClusterDescription moved =
        nodes.await(
            back, FAILOVER, "the new leader", it -> it.getPartitions(0).getLeader() == target);

    // One that leads is stopped in order: it hands over first.
    JavaProcess stopping = processOf(nodes, moved, target);
    begin = System.nanoTime();
    // SIGTERM by its id: the process's own method would close its output, too.
    ProcessHandle.of(stopping.pid()).ifPresent(ProcessHandle::destroy);
    assertThat(stopping.awaitEnd(SOON)).isEqualTo(143);
    assertThat(stopping.tail())
        .contains("leadership of partition-0 is handed over")
        .doesNotContain("could not be handed over");
    int left = number(moved, target == 1 ? 2 : 1);
    nodes.await(
        left,
        FAILOVER,
        "a leader",
        it ->
            it.getPartitionsList().stream()
                .allMatch(p -> p.getLeader() != 0 && p.getLeader() != target));
    storm.say("stopped and led again after %d ms", (System.nanoTime() - begin) / 1_000_000);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void aNodeLosesItsDiskAndOneIsAddedDrainedAndRemoved() throws IOException {
    Neighbours nodes = given(3);
    nodes.launchAll();
    whole(nodes, 1);

    // Without its disk it comes back as the next generation of itself.
    nodes.process(2).kill();
    int lost = named(nodes.await(1, SOON, "three", it -> it.getNodesCount() == 3), "n2").getId();
    wipe(nodes.home(2));
    nodes.launch(2, "--auto-provision");
    nodes.awaitReady(2);
    ClusterDescription healed = whole(nodes, 2);
    assertThat(named(healed, "n2").getId()).isEqualTo(lost);
    assertThat(named(healed, "n2").getGeneration()).isEqualTo(2);
    assertThat(healed.getPartitionsList())
        .allSatisfy(
            partition ->
                assertThat(partition.getReplicasList())
                    .anyMatch(it -> it.getNode() == lost && it.getGeneration() == 2));

    // A fourth takes over what a drained one lets go of.
    nodes.launch(4);
    nodes.awaitReady(4);
    int drained = named(healed, "n3").getId();
    nodes.ask(4, stub -> stub.drainNode(DrainNodeRequest.newBuilder().setNode(drained).build()));
    ClusterDescription without =
        nodes.await(
            4,
            SOON,
            "the replicas elsewhere",
            it ->
                it.getNodesList().stream()
                        .noneMatch(n -> n.getId() == drained && n.getReplicas() > 0)
                    && it.getPartitionsList().stream().allMatch(p -> p.getSettled()));
    assertThat(without.getPartitionsList())
        .allSatisfy(it -> assertThat(it.getReplicasCount()).isEqualTo(3));
    nodes.ask(4, stub -> stub.removeNode(RemoveNodeRequest.newBuilder().setNode(drained).build()));
    nodes.await(1, SOON, "three nodes", it -> it.getNodesCount() == 3);
    assertThat(nodes.process(3).awaitEnd(SOON)).isEqualTo(1);
    assertThat(nodes.process(3).tail()).contains("was removed from the cluster");
    ClusterDescription rest = nodes.describe(4);
    assertThat(isWholeOn(rest, 1, lost, named(rest, "n4").getId())).isTrue();
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void whoDoesNotBelongIsRefusedWithASentence() throws IOException {
    Neighbours nodes = given(1);
    // Nobody founds a cluster unasked.
    nodes.launch(1);
    Eventually.eventually(
        SOON, () -> nodes.ask(1, stub -> stub.provision(ProvisionRequest.getDefaultInstance())));
    nodes.awaitReady(1);

    // Another cluster's node, at our door.
    JavaProcess stranger = nodes.launchAs(2, "other", "n2");
    assertThat(stranger.awaitEnd(SOON)).isEqualTo(1);
    assertThat(stranger.tail()).contains("Expected nodes of cluster other");

    // Somebody else's name.
    JavaProcess namesake = nodes.launchAs(2, "demo", "n1");
    assertThat(namesake.awaitEnd(SOON)).isEqualTo(1);
    assertThat(namesake.tail()).contains("give another --node-name");

    // A directory of which a part is missing.
    nodes.launch(2);
    nodes.awaitReady(2);
    nodes.process(2).kill();
    wipe(nodes.home(2).resolve("partition-0"));
    JavaProcess partly = nodes.launch(2);
    assertThat(partly.awaitEnd(SOON)).isEqualTo(1);
    assertThat(partly.tail()).contains("partition-0").contains("missing");
  }

  private Neighbours given(int listed) {
    Neighbours nodes = new Neighbours(storm.directory(), "demo", listed);
    return storm.add(nodes);
  }

  private ClusterDescription whole(Neighbours nodes, int asked) {
    return nodes.await(
        asked,
        SOON,
        "three copies of everything",
        it -> isWholeOn(it, 1, 2, 3) && it.getMetadataVotersCount() == 3);
  }

  /** The process's number of a node's id: they join in any order. */
  private static int number(ClusterDescription seen, int id) {
    String name =
        seen.getNodesList().stream()
            .filter(it -> it.getId() == id)
            .findFirst()
            .orElseThrow()
            .getName();
    return Integer.parseInt(name.substring(1));
  }

  private static JavaProcess processOf(Neighbours nodes, ClusterDescription seen, int id) {
    return nodes.process(number(seen, id));
  }

  private static void wipe(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
