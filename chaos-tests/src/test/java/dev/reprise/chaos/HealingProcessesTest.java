package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.chaos.rig.AdminClient;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.Neighbours;
import dev.reprise.chaos.rig.Storm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes die and their files rot: they are whole again, and no add is lost or done twice. */
class HealingProcessesTest {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int CLIENTS = 3;
  private static final String[] FLAGS = {"--auto-provision", "--scrub-interval", "2s"};

  @RegisterExtension final Storm storm = new Storm();

  private final Map<Integer, IngressClient> doors = new ConcurrentHashMap<>();
  private SplittableRandom random;
  private Neighbours nodes;
  private Adds adds;

  @BeforeEach
  void threeProcessesUnderLoad() throws IOException {
    random = storm.random();
    nodes = storm.add(new Neighbours(storm.directory(), "demo", 3));
    for (int node = 1; node <= 3; node++) {
      nodes.launch(node, FLAGS);
    }
    String ready = "";
    for (int node = 1; node <= 3; node++) {
      ready = awaitDoor(node);
    }
    awaitWhole();
    AdminClient.at(URI.create(word(ready, "admin")), word(ready, "grpc"))
        .register(storm.serve(new StormServices.Counter()).uri());
    doors
        .values()
        .forEach(door -> eventually(SOON, () -> door.to("counter/probe/read").post().expectText()));
    adds = new Adds(() -> doors.get(1 + ThreadLocalRandom.current().nextInt(3)));
    adds.start(CLIENTS, random.split());
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void aKilledFollowersLogAndThenItsTablesRotAndItIsHealedBothTimes() throws Exception {
    adds.await(150);
    int hit = follower();

    // Its store has made nothing durable yet: the log is all there is, and it is damaged.
    nodes.process(hit).kill();
    Path segment =
        Bits.largest(Bits.log(nodes.home(hit), 0), "log_(\\d+-\\d+|inprogress_\\d+)").orElseThrow();
    storm.say("flipped %s", flipWithinRecords(segment));
    relaunch(hit);
    eventually(SOON, () -> assertThat(replica(hit).getRebuilds()).isPositive());
    awaitWhole();
    assertThat(nodes.process(hit).tail()).contains("Expected").contains(segment.toString());
    adds.await(50);

    // What it was given is in table files: one of them rots while it runs.
    Path tables = nodes.home(hit).resolve("partition-0");
    long before = replica(hit).getRebuilds();
    Path table = Bits.largest(tables, ".*\\.sst").orElseThrow();
    storm.say("flipped %s", Bits.flip(table, 0, 1, random));
    eventually(SOON, () -> assertThat(replica(hit).getRebuilds()).isGreaterThan(before));
    awaitWhole();
    assertThat(nodes.process(hit).tail()).contains(table.getFileName().toString());
    assertThat(tables.resolveSibling("partition-0.quarantine").resolve(table.getFileName()))
        .exists();

    // And then it loses everything.
    nodes.process(hit).kill();
    Bits.wipe(nodes.home(hit));
    relaunch(hit);
    awaitWhole();
    assertThat(replica(hit).getGeneration()).isEqualTo(2);

    adds.await(50);
    adds.stop();
    storm.say("%d adds", adds.acknowledged());
    Map<String, IngressClient> all = new LinkedHashMap<>();
    doors.forEach((node, door) -> all.put("n" + node, door));
    adds.expectExact(all);
  }

  private void relaunch(int node) {
    nodes.launch(node, FLAGS);
    awaitDoor(node);
  }

  private String awaitDoor(int node) {
    String ready = nodes.awaitReady(node);
    doors.put(node, new IngressClient(URI.create(word(ready, "ingress"))));
    return ready;
  }

  private static String word(String ready, String name) {
    for (String word : ready.split(" ", -1)) {
      if (word.startsWith(name + "=")) {
        return word.substring(name.length() + 1);
      }
    }
    throw new AssertionError("Expected " + name + " in " + ready);
  }

  /** In front of the last record, where a change is no unfinished end. */
  private String flipWithinRecords(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--; // The file is made longer than what is in it.
    }
    double part = (double) end / bytes.length;
    return Bits.flip(segment, 0.1 * part, 0.5 * part, random);
  }

  private int follower() {
    ClusterDescription seen = nodes.describe(1);
    int leader = seen.getPartitions(0).getLeader();
    return seen.getNodesList().stream()
        .filter(it -> it.getId() != leader)
        .mapToInt(it -> Integer.parseInt(it.getName().substring(1)))
        .max()
        .orElseThrow();
  }

  /** Its copy of partition 0, as the node itself says. */
  private ReplicaInfo replica(int node) {
    ClusterDescription seen = nodes.describe(node);
    int id = Neighbours.named(seen, "n" + node).getId();
    PartitionInfo partition = seen.getPartitions(0);
    return partition.getReplicasList().stream()
        .filter(it -> it.getNode() == id)
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a replica on N" + id + ", but " + seen));
  }

  private void awaitWhole() {
    nodes.await(
        1,
        SOON,
        "three copies of everything",
        it -> Neighbours.isWholeOn(it, 1, 2, 3) && it.getMetadataVotersCount() == 3);
  }
}
