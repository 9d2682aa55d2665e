package dev.reprise.cluster.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.engine.Asked;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.simulated.Faults;
import dev.reprise.cluster.log.simulated.SimulatedLog;
import dev.reprise.cluster.log.simulated.SimulatedTime;
import dev.reprise.cluster.simulation.SimulatedLoop;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Tables;
import dev.reprise.storage.table.TablesView;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a leader's outbox reaches its receivers. */
@Timeout(10)
class OutboxShipperTest {
  private static final int RECEIVER = 1;

  private final SimulatedTime time = new SimulatedTime();
  private final SplittableRandom random = new SplittableRandom(1);
  private final MemoryStore store = new MemoryStore();
  private final Tables tables = new Tables(store);
  private final List<Command.Deliver> delivered = new ArrayList<>();
  private final List<Consumer<@Nullable Result>> answers = new ArrayList<>();
  private long index;

  private final OutboxShipper shipper =
      new OutboxShipper(
          0,
          new TablesView(store),
          new Proposer(
              SimulatedLog.cluster(1, time, random.split(), Faults.NONE)
                  .start(0, new RecordingReplica(() -> {})),
              1,
              1,
              1,
              time::nowMillis,
              new PartitionCounters()),
          (receiver, messages, answer) -> {
            delivered.add(messages);
            answers.add(answer);
          },
          new SimulatedLoop(time, random.split()),
          () -> {});

  private static OutboxMessage message(long number) {
    return new OutboxMessage.Create(Asked.plain("m" + number).make());
  }

  @BeforeEach
  void threeMessagesWait() {
    for (long number = 1; number <= 3; number++) {
      tables.outbox().insert(new Keys.Outbox(RECEIVER, number), message(number));
    }
    tables.outboxNext().put(RECEIVER, 4L);
    tables.commit(1, ++index);
    shipper.recover();
  }

  private void answer(@Nullable Result result) {
    answers.removeFirst().accept(result);
    time.runFor(200);
  }

  @Test
  void whatAnEarlierLeaderLeftIsDeliveredInOrder() {
    assertThat(delivered)
        .containsExactly(new Command.Deliver(0, 1, List.of(message(1), message(2), message(3))));
  }

  @Test
  void whatWasNotAnsweredIsDeliveredAgain() {
    answer(null);

    assertThat(delivered).hasSize(2);
    assertThat(delivered.getLast()).isEqualTo(delivered.getFirst());
  }

  @Test
  void theReceiverSaysWhereToGoOn() {
    answer(new Result.Delivered(2));

    assertThat(delivered.getLast()).isEqualTo(new Command.Deliver(0, 3, List.of(message(3))));
  }

  @Test
  void whenAnotherLeaderHasTruncatedMeanwhileNoMessageGoesUnderAnothersNumber() {
    tables.outbox().delete(new Keys.Outbox(RECEIVER, 1));
    tables.commit(1, ++index);

    answer(null);

    assertThat(delivered).hasSize(1);
  }

  @Test
  void whatIsClosedDeliversNothingMore() {
    shipper.close();

    answer(null);

    assertThat(delivered).hasSize(1);
  }
}
