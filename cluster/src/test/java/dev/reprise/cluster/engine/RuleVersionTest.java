package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.table.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The version of the rules rises through the log, and not beyond what a build knows. */
class RuleVersionTest {
  private final MemoryStore store = new MemoryStore();
  private final Tables tables = new Tables(store);
  private final PartitionStateMachine next = new PartitionStateMachine(0, 2);
  private final PartitionStateMachine before = new PartitionStateMachine(0, 1);
  private long index;

  RuleVersionTest() {
    apply(before, 0, new Command.AnnounceLeader("n1"));
  }

  @Test
  void aPartitionBeginsWithTheFirst() {
    assertThat(tables.applied().ruleVersion()).isEqualTo(1);
  }

  @Test
  void whatTheLogSaysIsKept() {
    apply(next, 1, new Command.RaiseRules(2));

    assertThat(new Tables(store).applied().ruleVersion()).isEqualTo(2);
    apply(next, 2, new Command.RaiseRules(1));
    assertThat(tables.applied().ruleVersion()).isEqualTo(2);
  }

  @Test
  void aBuildThatDoesNotKnowItStopsAndChangesNothing() {
    assertThatThrownBy(() -> apply(before, 1, new Command.RaiseRules(2)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Expected rules of version 1 at most")
        .hasMessageContaining("version 2");
    assertThat(new Tables(store).applied().ruleVersion()).isEqualTo(1);
  }

  private void apply(PartitionStateMachine machine, long sequence, Command command) {
    index++;
    long epoch = index == 1 ? 0 : 1;
    machine.apply(new LogEntry(epoch, Math.max(1, sequence), 5, List.of(command)), index, tables);
    tables.commit(1, index);
  }
}
