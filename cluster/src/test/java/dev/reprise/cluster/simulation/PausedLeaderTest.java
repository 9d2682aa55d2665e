package dev.reprise.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.simulated.Faults;
import dev.reprise.cluster.log.simulated.SimulatedLog;
import dev.reprise.cluster.log.simulated.SimulatedTime;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A leader that stood still while another one took over: whatever is current, it must not say. */
@Timeout(60)
class PausedLeaderTest {
  private static final ObjectId OBJECT = new ObjectId("Counter", "k");

  private final SimulatedTime time = new SimulatedTime();
  private final KeyRanges ranges = new KeyRanges(1);
  private final List<PartitionRouter> routers = new ArrayList<>();
  private final List<MemoryStore> stores = new ArrayList<>();
  private SplittableRandom random;
  private SimulatedLog log;

  @BeforeAll
  static void beQuiet() {
    ((Logger) LoggerFactory.getLogger("dev.reprise")).setLevel(Level.OFF);
  }

  private void threeNodes(long seed) {
    random = new SplittableRandom(seed);
    log = SimulatedLog.cluster(3, time, random.split(), Faults.NONE);
    for (int node = 0; node < 3; node++) {
      open(node);
    }
    time.runFor(3_000);
  }

  private void open(int node) {
    SimulatedLoop loop = new SimulatedLoop(time, random.split());
    PartitionRouter router =
        new PartitionRouter(
            ranges,
            PartitionRouter.Surroundings.alone(
                partition -> loop, () -> time.nowMillis() * 1_000_000, Duration.ofSeconds(2)));
    MemoryStore store = new MemoryStore();
    SimulatedWorld world = new SimulatedWorld(ranges, random.split());
    Partition partition =
        Partition.open(
            0,
            store,
            replica -> log.start(node, replica),
            new Partition.Environment(
                loop,
                PartitionSettings.of("n" + node),
                (self, host) ->
                    new SimulatedInvoker(
                        host,
                        world,
                        random.split(),
                        () -> Unrest.NONE,
                        new Transcript(time, 1),
                        10),
                (receiver, messages, answer) -> answer.accept(null),
                Runnable::run,
                () -> Instant.ofEpochMilli(time.nowMillis()),
                () -> time.nowMillis() * 1_000_000));
    router.open(partition);
    routers.add(router);
    stores.add(store);
  }

  private static List<StateEntry> value(String value) {
    return List.of(new StateEntry(Bytes.utf8("n"), Bytes.utf8(value)));
  }

  private void write(int node, String value) {
    List<Answer> answers = new ArrayList<>();
    RequestId request = new RequestId(random.nextLong(), 1);
    routers.get(node).patchState(OBJECT, new StatePatch(request, null, value(value)), answers::add);
    time.runFor(500);
    assertThat(answers).containsExactly(new Answer.Done());
  }

  private List<Reply> ask(int node, Question question) {
    List<Reply> replies = new ArrayList<>();
    var unused = routers.get(node).serve(0, question, (reply, leader) -> replies.add(reply));
    return replies;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aLeaderThatStoodStillAnswersNothingOld(long seed) {
    threeNodes(seed);
    int old = log.leader().orElseThrow();
    write(old, "before");

    log.pause(old);
    List<List<Reply>> asked = new ArrayList<>();
    asked.add(ask(old, new Question.State(OBJECT, 1_000)));
    int next = (old + 1 + random.nextInt(2)) % 3;
    assertThat(log.elect(next)).isTrue();
    time.runFor(500);
    write(next, "after");

    // It still believes that it leads, and its tables are of old.
    assertThat(log.believers()).isEqualTo(2);
    assertThat(new dev.reprise.storage.table.TablesView(stores.get(old)).state(OBJECT).next())
        .isTrue();
    asked.add(ask(old, new Question.State(OBJECT, 1_000)));
    asked.add(ask(old, new Question.Page(false, "", null, 10)));
    time.runFor(random.nextInt(50));
    log.resume(old);
    for (int i = 0; i < 40; i++) {
      asked.add(ask(old, new Question.State(OBJECT, 1_000)));
      time.runFor(random.nextInt(5));
    }
    time.runFor(5_000);

    assertThat(asked)
        .allSatisfy(
            it ->
                assertThat(it)
                    .singleElement()
                    .isInstanceOfAny(Reply.NotDone.class, Reply.Unknown.class));
    List<Answer> current = new ArrayList<>();
    routers.get(next).state(OBJECT, 1_000, current::add);
    time.runFor(500);
    assertThat(current).containsExactly(new Answer.State(value("after"), true));
  }
}
