package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.RebuildReplicaRequest;
import dev.reprise.chaos.rig.Ctl;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.Nodes;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import dev.reprise.server.node.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A replica that its own files cannot make whole gets another one's state from another node, over
 * the port between nodes, while clients go on. The logs here keep little, so that a node that was
 * away is soon behind what they hold.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class HealingTest {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int CLIENTS = 4;

  /** Segments of 64 KiB; cut every 20 entries that the store holds, which is flushed often. */
  private static final NodeConfig.Logs SHORT =
      new NodeConfig.Logs(
          4,
          128 << 10,
          new Tuning(Duration.ofSeconds(1), Duration.ofSeconds(2), 64 << 10, 20, 20, 64 << 10));

  @RegisterExtension final Storm storm = new Storm();

  private SplittableRandom random;
  private Nodes nodes;
  private Adds adds;

  @BeforeEach
  void threeNodesUnderLoad() throws IOException {
    random = storm.random();
    nodes = storm.add(new Nodes(storm.directory(), 3, SHORT, Duration.ofSeconds(2)));
    nodes.startAll();
    nodes.admin(1).register(storm.serve(new StormServices.Counter()).uri());
    adds = new Adds(() -> nodes.ingress(1 + ThreadLocalRandom.current().nextInt(3)));
    adds.start(CLIENTS, random.split());
  }

  @Test
  void aBitFlippedInARunningFollowersTablesIsFoundReportedAndHealed() throws Exception {
    adds.await(400);
    int hit = follower(0);

    Path tables = nodes.home(hit).resolve("partition-0");
    Path[] flipped = {flipTable(tables)};
    ClusterDescription healed =
        eventually(
            SOON,
            () -> {
              ClusterDescription seen = nodes.describe(hit);
              if (Nodes.replica(seen, 0, hit).getRebuilds() == 0) {
                if (!Files.exists(flipped[0])) {
                  flipped[0] = flipTable(tables); // It was compacted away, unread.
                }
                throw new AssertionError("Expected a rebuild, but " + seen);
              }
              return seen;
            });

    storm.say("healed: %s", Nodes.replica(healed, 0, hit));
    assertThat(tables.resolveSibling("partition-0.quarantine")).isDirectory();
    adds.await(100);
    everythingIsThereAlsoWhenItLeads(hit);
  }

  @Test
  void aNodeThatWasAwayForLongerThanTheLogIsKeptIsWholeAgain() throws Exception {
    adds.await(50);
    int away = follower(0);
    nodes.stop(away);

    adds.await(600);
    theLogIsCut(0);
    nodes.start(away);
    // It is open until somebody says that what it needs is gone.
    eventually(SOON, () -> assertThat(rebuilds(away)).isPositive());
    nodes.awaitWhole();

    adds.await(100);
    everythingIsThereAlsoWhenItLeads(away);
  }

  @Test
  void aNodeWhoseDiskWasWipedIsWholeAgainThoughTheLogIsCut() throws Exception {
    adds.await(600);
    int wiped = follower(0);
    nodes.stop(wiped);
    theLogIsCut(0);
    Bits.wipe(nodes.home(wiped));

    nodes.start(wiped);
    eventually(SOON, () -> assertThat(rebuilds(wiped)).isPositive());
    ClusterDescription whole = nodes.awaitWhole();

    assertThat(Nodes.replica(whole, 0, wiped).getGeneration()).isEqualTo(2);
    adds.await(100);
    everythingIsThereAlsoWhenItLeads(wiped);
  }

  @Test
  void aBitFlippedInTheLogOfAStoppedNodeIsAnsweredByNameAndHealed() throws Exception {
    adds.await(300);
    int hit = follower(0);
    nodes.stop(hit);
    Path log = Bits.log(nodes.home(hit), 0);
    Path segment =
        Bits.largest(log, "log_(\\d+-\\d+|inprogress_\\d+)")
            .orElseThrow(() -> new AssertionError("Expected a segment in " + log));
    storm.say("flipped %s", Bits.flip(segment, 0.05, 0.2, random));

    nodes.start(hit);
    nodes.awaitWhole();

    // The store holds its entries, and the file is set aside; or another one's state is fetched.
    boolean setAside = Bits.files(log).stream().anyMatch(it -> it.toString().contains("/damaged/"));
    assertThat(setAside || rebuilds(hit) > 0).as("set aside, or rebuilt").isTrue();
    adds.await(100);
    everythingIsThereAlsoWhenItLeads(hit);
  }

  @Test
  void aNodeThatCannotReadTheMetadataAnyMoreGetsThemFromTheOthers() throws Exception {
    adds.await(50);
    int hit = 1 + random.nextInt(3);
    nodes.stop(hit);
    Path store = nodes.home(hit).resolve("metadata");
    Path table =
        Bits.largest(store, ".*\\.sst")
            .orElseThrow(() -> new AssertionError("Expected a table file in " + store));
    storm.say("flipped %s", Bits.flip(table, 0, 0.5, random));

    // It knows neither its cluster nor where the others are, and asks at the addresses it was told.
    nodes.start(hit);
    // What is not read at the start is found by whoever reads everything every two seconds.
    eventually(SOON, () -> assertThat(store.resolveSibling("metadata.quarantine")).isDirectory());
    nodes.awaitWhole();

    assertThat(nodes.admin(hit).to("services/counter").get().status()).isEqualTo(200);
    adds.await(50);
    everythingIsThereAlsoWhenItLeads(hit);
  }

  @Test
  void aCopyIsRebuiltOnPurposeAlsoTheLeadersAndAlsoWhenItsNodeIsStoppedMeanwhile()
      throws Exception {
    adds.await(300);
    ClusterDescription before = nodes.describe(1);
    int led = Nodes.of(before, before.getPartitions(0).getLeader());

    int other = led % 3 + 1;
    Ctl ctl = new Ctl(nodes.admin(other).base().toString(), nodes.grpc(other));
    assertThat(ctl.text("partitions", "rebuild", "0", "--node", "n" + led)).contains("is whole");
    assertThat(rebuilds(led)).isPositive();
    nodes.awaitWhole();
    adds.await(50);

    rebuild(before, led);
    nodes.stop(led);
    eventually(SOON, () -> assertThat(silentMillis(other, led)).isGreaterThan(5_000));
    assertThat(ctl.refused(1, "partitions", "rebuild", "0", "--node", "n" + other))
        .as("two of three would be away")
        .contains("to be open on nodes that are heard, but one is not");
    nodes.start(led);
    nodes.awaitWhole();
    adds.await(50);
    everythingIsThereAlsoWhenItLeads(led);
  }

  /** How long ago one node heard of another. */
  private long silentMillis(int asked, int node) {
    ClusterDescription seen = nodes.describe(asked);
    return seen.getNodesList().stream()
        .filter(it -> it.getId() == Nodes.id(seen, node))
        .findFirst()
        .orElseThrow()
        .getHeardMillisAgo();
  }

  /** Asks another node, as soon as it knows that all copies are open. */
  private void rebuild(ClusterDescription seen, int node) {
    RebuildReplicaRequest request =
        RebuildReplicaRequest.newBuilder().setPartition(0).setNode(Nodes.id(seen, node)).build();
    eventually(SOON, () -> nodes.ask(node % 3 + 1, stub -> stub.rebuildReplica(request)));
  }

  private int follower(int partition) {
    ClusterDescription seen = nodes.describe(1);
    int leader = Nodes.of(seen, seen.getPartitions(partition).getLeader());
    return leader % 3 + 1;
  }

  private Path flipTable(Path tables) {
    return eventually(
        SOON,
        () -> {
          Path file =
              Bits.largest(tables, ".*\\.sst")
                  .orElseThrow(() -> new AssertionError("Expected a table file in " + tables));
          storm.say("flipped %s", Bits.flip(file, 0, 1, random));
          return file;
        });
  }

  /** No node that runs has the beginning of the partition's log any more. */
  private void theLogIsCut(int partition) {
    for (int node : nodes.up()) {
      eventually(
          SOON,
          () ->
              assertThat(Bits.files(Bits.log(nodes.home(node), partition)))
                  .as("the log of n%d", node)
                  .noneMatch(
                      it -> it.getFileName().toString().matches("log_(inprogress_)?0(-.*)?")));
    }
  }

  private long rebuilds(int node) {
    ClusterDescription seen = nodes.describe(node);
    return seen.getPartitionsList().stream()
        .mapToLong(it -> Nodes.replica(seen, it.getNumber(), node).getRebuilds())
        .sum();
  }

  /** The counters are exact, and still are when the answers come from the healed tables. */
  private void everythingIsThereAlsoWhenItLeads(int healed) throws InterruptedException {
    nodes.awaitWhole();
    adds.stop();
    storm.say("%d adds", adds.acknowledged());
    adds.expectExact(doors());
    nodes.lead(healed, 0);
    nodes.lead(healed, 1);
    adds.expectExact(doors());
  }

  private Map<String, IngressClient> doors() {
    Map<String, IngressClient> doors = new LinkedHashMap<>();
    nodes.up().forEach(it -> doors.put("n" + it, nodes.ingress(it)));
    return doors;
  }
}
