package dev.reprise.cluster.simulation;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.table.TableId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What must hold when all is over. */
final class Ending {
  private static final Set<Integer> STAY =
      Set.of(
          TableId.META.number(),
          TableId.OUTBOX_NEXT.number(),
          TableId.DEDUP.number(),
          TableId.LIMIT_RULES.number(),
          // Decided after its workflow was forgotten, or before there was one: for the next run.
          TableId.PROMISE.number(),
          TableId.STATE.number());

  private final Simulation simulation;

  Ending(Simulation simulation) {
    this.simulation = simulation;
  }

  /** ⑩ Everything came to its end; ⑫ and what clients were told adds up. */
  void check(boolean allDone) {
    if (!allDone) {
      throw new AssertionError(
          "⑩ Expected everything to end, but open are "
              + simulation.lives().open()
              + " and "
              + simulation.clients().stream().filter(it -> !it.isDone()).toList());
    }
    for (NewInvocation refused : simulation.refused()) {
      expect(
          !simulation.lives().knowsRequest(refused),
          "⑫ Expected nothing of what was refused, but it was done: " + refused.id());
    }
    checkCounters();
    checkNotes();
  }

  private static void expect(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  /** Each addition saw the one before it: the outputs of a key are 1, 2, 3, … each once. */
  private void checkCounters() {
    for (String key : List.of("k0", "k1", "k2")) {
      List<String> outputs = simulation.lives().outputs("add", key);
      Set<Integer> numbers = new TreeSet<>(outputs.stream().map(Integer::valueOf).toList());
      expect(
          numbers.size() == outputs.size()
              && (numbers.isEmpty() || numbers.equals(upTo(outputs.size()))),
          "⑥ Expected counter " + key + " to count, but its outputs are " + outputs);
    }
  }

  private static Set<Integer> upTo(int count) {
    Set<Integer> numbers = new TreeSet<>();
    for (int i = 1; i <= count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  /** ⑥ Each one-way call took effect exactly once. */
  private void checkNotes() {
    Set<String> expected = new HashSet<>();
    for (NewInvocation note : simulation.lives().allOf("note")) {
      String token = note.input().toUtf8();
      expect(expected.add(token), "⑥ Expected one note " + token + ", but there are two");
      Bytes count = state(note.target().object(), token);
      expect(
          count != null && count.toUtf8().equals("1"),
          "⑥ Expected note " + token + " once, but it stands there " + count + " times");
    }
    int told = simulation.lives().outputs("tell", "").size();
    expect(
        expected.size() == 2 * told,
        "⑥ Expected two notes of each of " + told + ", but there are " + expected.size());
  }

  private @org.jspecify.annotations.Nullable Bytes state(ObjectId object, String key) {
    for (Judge judge : simulation.judges()) {
      try (var scan = judge.view().state(object)) {
        while (scan.next()) {
          if (scan.key().key().equals(Bytes.utf8(key))) {
            return scan.value();
          }
        }
      }
    }
    return null;
  }

  /** ⑪ What has been kept long enough is gone, and nothing else is left over. */
  void checkForgotten() {
    for (Judge judge : simulation.judges()) {
      try (Cursor rows = judge.store().scan(new byte[0], new byte[0])) {
        while (rows.next()) {
          int table = rows.key()[0];
          expect(STAY.contains(table), "⑪ Expected empty tables, but table " + table + " is not");
        }
      }
      judge.promises().nobodyWaits();
    }
  }
}
