package dev.reprise.cluster.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.checkpoint.IdleInvoker;
import dev.reprise.cluster.engine.Asked;
import dev.reprise.cluster.engine.PartitionStory;
import dev.reprise.cluster.engine.Says;
import dev.reprise.cluster.log.simulated.SimulatedTime;
import dev.reprise.cluster.simulation.SimulatedLoop;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With what an invocation is handed to the invoker. */
@Timeout(10)
class BacklogTest {
  private final PartitionStory partition = new PartitionStory();
  private final Handed handed = new Handed();
  private final Backlog backlog =
      new Backlog(
          partition.view(),
          handed,
          new SimulatedLoop(new SimulatedTime(), new SplittableRandom(1)));

  private void isToStart(Asked asked) {
    Invocation open = Objects.requireNonNull(partition.view().invocation(asked.id()));
    backlog.run(open, null);
  }

  @Test
  void whatWaitedForItsKeyIsHandedOverWithItsInput() {
    Asked first = Asked.exclusive("first", "k");
    Asked second = Asked.exclusive("second", "k");
    partition.when(first).when(second);
    partition.when(partition.says("first", 1, Says.output("first"), Says.end()));

    isToStart(second);

    assertThat(handed.inputs.get(second.id()))
        .contains(partition.view().journalEntry(second.id(), 0));
  }

  @Test
  void whatHasTakenStepsIsReadWhenItIsTold() {
    Asked one = Asked.plain("one");
    partition.when(one);
    partition.when(partition.says("one", 1, Says.sleep(1, 10)));

    isToStart(one);

    assertThat(handed.inputs.get(one.id())).isEmpty();
  }

  /** Keeps what it is handed, and runs nothing. */
  private static final class Handed extends IdleInvoker {
    final Map<InvocationId, Optional<JournalEntry>> inputs = new LinkedHashMap<>();

    @Override
    public void run(Invocation invocation, @Nullable JournalEntry input) {
      inputs.put(invocation.id(), Optional.ofNullable(input));
    }

    @Override
    public Room room(String service) {
      return Room.FREE;
    }
  }
}
