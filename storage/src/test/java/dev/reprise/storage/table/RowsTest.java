package dev.reprise.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows against a plain map, through marks, rollbacks and commits. A failure names its seed. */
@Timeout(60)
class RowsTest {
  private static final int SEEDS = 500;
  private static final ObjectId OBJECT = new ObjectId("Counter", "k");
  private static final ObjectId OTHER = new ObjectId("Counter", "k2");

  /** Two tables and what they should hold: a cached one and one that is not. */
  private static final class Model {
    private final SplittableRandom random;
    private final MemoryStore store = new MemoryStore();
    private Tables tables = new Tables(store);
    private Map<String, String> state = new TreeMap<>();
    private Map<Integer, Long> sequences = new TreeMap<>();
    private Map<String, String> markedState = new TreeMap<>();
    private Map<Integer, Long> markedSequences = new TreeMap<>();
    private long index;

    Model(long seed) {
      random = new SplittableRandom(seed);
    }

    void step() {
      switch (random.nextInt(12)) {
        case 0 -> {
          tables.mark();
          markedState = new TreeMap<>(state);
          markedSequences = new TreeMap<>(sequences);
        }
        case 1 -> {
          tables.rollback();
          state = new TreeMap<>(markedState);
          sequences = new TreeMap<>(markedSequences);
        }
        case 2 -> commit();
        case 3 -> {
          commit();
          tables = new Tables(store);
        }
        case 4, 5 -> changeSequence();
        default -> changeState();
      }
      check();
    }

    /** What is committed cannot be taken back any more. */
    private void commit() {
      tables.commit(1, ++index);
      markedState = new TreeMap<>(state);
      markedSequences = new TreeMap<>(sequences);
    }

    private void changeState() {
      String name = "s" + random.nextInt(4);
      Keys.State key = new Keys.State(OBJECT, Bytes.utf8(name));
      String value = "v" + random.nextInt(100);
      if (random.nextInt(3) == 0) {
        tables.state().delete(key);
        state.remove(name);
      } else {
        if (state.containsKey(name) || random.nextBoolean()) {
          tables.state().put(key, Bytes.utf8(value));
        } else {
          tables.state().insert(key, Bytes.utf8(value));
        }
        state.put(name, value);
      }
      tables.state().put(new Keys.State(OTHER, Bytes.utf8("x")), Bytes.utf8(value));
    }

    private void changeSequence() {
      int receiver = random.nextInt(3);
      long next = random.nextInt(100);
      if (random.nextInt(4) == 0) {
        tables.outboxNext().delete(receiver);
        sequences.remove(receiver);
      } else {
        tables.outboxNext().put(receiver, next);
        sequences.put(receiver, next);
      }
    }

    private void check() {
      for (int i = 0; i < 4; i++) {
        Bytes found = tables.state().find(new Keys.State(OBJECT, Bytes.utf8("s" + i)));
        assertThat(found == null ? null : found.toUtf8()).isEqualTo(state.get("s" + i));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(tables.outboxNext().find(i)).isEqualTo(sequences.get(i));
      }
      List<String> scanned = new ArrayList<>();
      tables
          .state()
          .scan(
              Layouts.prefixOf(TableId.STATE, OBJECT),
              key -> key.object().equals(OBJECT),
              (key, value) -> scanned.add(key.key().toUtf8() + "=" + value.toUtf8()));
      assertThat(scanned)
          .isEqualTo(
              state.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList());
    }
  }

  @Test
  void rowsReadLikeAPlainMapWhateverWasMarkedTakenBackOrCommitted() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Model model = new Model(seed);
      try {
        for (int step = 0; step < 60; step++) {
          model.step();
        }
      } catch (AssertionError e) {
        throw new AssertionError("in seed " + seed, e);
      }
    }
  }

  @Test
  void whatOneEntryInsertsAndDeletesNeverReachesTheStore() {
    MemoryStore store = new MemoryStore();
    Tables tables = new Tables(store);
    tables.commit(1, 1);
    long before = Contents.of(store).rows();

    Keys.State key = new Keys.State(OBJECT, Bytes.utf8("gone"));
    tables.state().insert(key, Bytes.utf8("x"));
    tables.state().delete(key);
    long hash = tables.applied().hash();
    tables.commit(1, 2);

    assertThat(Contents.of(store).rows()).isEqualTo(before);
    assertThat(tables.applied().hash()).isEqualTo(hash);
  }

  @Test
  void aQueueIsHandedOnInItsOrderWhateverIsRemembered() {
    for (long seed = 0; seed < SEEDS; seed++) {
      QueueModel model = new QueueModel(seed);
      try {
        for (int step = 0; step < 200; step++) {
          model.step();
        }
      } catch (AssertionError | IllegalStateException e) {
        throw new AssertionError("in seed " + seed, e);
      }
    }
  }

  /** An object's queue, in tables that are sometimes opened afresh, and as a plain list. */
  private static final class QueueModel {
    private final SplittableRandom random;
    private final MemoryStore store = new MemoryStore();
    private Tables tables = new Tables(store);
    private List<Long> queue = new ArrayList<>();
    private List<Long> marked = new ArrayList<>();
    private long sequence;
    private long index;

    QueueModel(long seed) {
      random = new SplittableRandom(seed);
    }

    void step() {
      ObjectLock lock = tables.inbox().lock(OBJECT);
      assertThat(lock == null ? 0 : lock.waiting() + 1).isEqualTo(queue.size());
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> enter(lock);
        case 4, 5, 6 -> {
          if (lock != null) {
            assertThat(lock.holder()).isEqualTo(holder(queue.removeFirst()));
            var next = tables.inbox().handOn(OBJECT, lock);
            assertThat(next).isEqualTo(queue.isEmpty() ? null : holder(queue.getFirst()));
          }
        }
        case 7 -> {
          tables.mark();
          marked = new ArrayList<>(queue);
        }
        case 8 -> {
          tables.rollback();
          queue = new ArrayList<>(marked);
        }
        default -> {
          tables.commit(1, ++index);
          marked = new ArrayList<>(queue);
          if (random.nextBoolean()) {
            tables = new Tables(store);
          }
        }
      }
    }

    private void enter(@org.jspecify.annotations.Nullable ObjectLock lock) {
      long next = ++sequence;
      queue.add(next);
      if (lock == null) {
        tables.inbox().acquire(OBJECT, holder(next));
      } else {
        tables.inbox().enqueue(OBJECT, lock, next, holder(next));
      }
    }

    private static dev.reprise.storage.model.InvocationId holder(long number) {
      return new dev.reprise.storage.model.InvocationId(number, number, number);
    }
  }
}
