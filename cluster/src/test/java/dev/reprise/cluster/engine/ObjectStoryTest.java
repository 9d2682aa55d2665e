package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.TimerKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects: one at a time per key, and their state. */
class ObjectStoryTest extends StoryTest {
  private final Asked first = Asked.exclusive("first", "k");
  private final Asked second = Asked.exclusive("second", "k");
  private final Asked third = Asked.exclusive("third", "k");

  private void ends(String name) {
    partition.when(partition.says(name, 1, Says.output(name), Says.end()));
  }

  @Test
  void aKeyIsHandedOnInTheOrderOfAsking() {
    partition.when(first).emits("start first afresh");
    partition.when(second).emitsNothing();
    partition.when(third).emitsNothing();

    ends("first");
    partition.emits("ended first first", "start second");
    ends("second");
    partition.emits("ended second second", "start third");
    ends("third");
    partition.emits("ended third third");
    partition.when(Asked.exclusive("fourth", "k")).emits("start fourth afresh");
  }

  @Test
  void noKeyBlocksAnother() {
    partition.when(first).when(second);

    partition.when(Asked.exclusive("elsewhere", "other")).emits("start elsewhere afresh");
  }

  @Test
  void aSuspendedInvocationKeepsItsKey() {
    partition.when(first);
    partition.when(partition.says("first", 1, Says.sleep(1, 10), Says.suspended(1)));

    partition.when(second).emitsNothing();
    assertThat(partition.statusOf("second")).isEqualTo("inboxed");
  }

  @Test
  void aPausedInvocationKeepsItsKey() {
    partition.when(first);
    partition.when(partition.says("first", 1, Says.paused("gave up")));

    partition.when(second).emitsNothing();
  }

  @Test
  void aSharedHandlerRunsBesideTheExclusiveOne() {
    partition.when(first);

    partition.when(Asked.shared("look", "k")).emits("start look afresh");
  }

  @Test
  void aScheduledInvocationQueuesWhenItsTimeComesBehindThoseWhoWaitAlready() {
    Asked late = Asked.exclusive("late", "k");
    partition.when(late.startAt(1_000));
    partition.when(first).when(second);
    TimerKey start = new TimerKey(1_000, late.id(), TimerKey.START);
    partition.after(Duration.ofSeconds(1)).when(new Command.FireTimers(List.of(start)));
    partition.emitsNothing();

    ends("first");
    partition.emits("ended first first", "start second");
    ends("second");
    partition.emits("ended second second", "start late");
  }

  @Test
  void theQueueIsInOrderAfterACommandOfTheSameEntryWasTakenBack() {
    partition.when(Asked.exclusive("holder", "k"));
    Command fault =
        partition.says("holder", 1, Says.output("x"), Says.end(), Says.output("too late"));
    partition
        .when(first.invoke(), second.invoke(), third.invoke(), fault)
        .answers("created", "created", "created", "faulted");
    partition.when(new Command.Resume(Asked.id("holder"), null)).emits("start holder");

    ends("holder");
    partition.emits("ended holder holder", "start first");
    ends("first");
    partition.emits("ended first first", "start second");
  }

  @Test
  void aLongQueueIsHandedOnInOrderToItsEnd() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      names.add("w" + i);
    }
    partition.when(
        names.stream().map(it -> Asked.exclusive(it, "k").invoke()).toArray(Command[]::new));
    for (int i = 0; i < names.size() - 1; i++) {
      ends(names.get(i));
      partition.emits("ended " + names.get(i) + " " + names.get(i), "start " + names.get(i + 1));
    }
  }

  @Test
  void stateThatWasSetIsReadAtOnceByTheSameAndByLaterInvocations() {
    partition.when(first).when(second);
    partition.when(partition.says("first", 1, Says.set("n", "1"), Says.get(1, "n")));
    partition.emits("tell first 3 GetLazyState");
    assertThat(lastOf("first")).isEqualTo(JournalFrames.stateValue(1, Bytes.utf8("1")));
    ends("first");

    partition.when(partition.says("second", 1, Says.get(1, "n"), Says.get(2, "none")));
    assertThat(entryOf("second", 2)).isEqualTo(JournalFrames.stateValue(1, Bytes.utf8("1")));
    assertThat(entryOf("second", 4)).isEqualTo(JournalFrames.stateValue(2, null));
  }

  @Test
  void stateIsOfItsKeyAlone() {
    partition.when(first);
    partition.when(partition.says("first", 1, Says.set("n", "1")));
    partition.when(Asked.exclusive("elsewhere", "other"));

    partition.when(partition.says("elsewhere", 1, Says.get(1, "n")));

    assertThat(lastOf("elsewhere")).isEqualTo(JournalFrames.stateValue(1, null));
  }

  @Test
  void keysAreListedInOrderAndClearingIsVisibleAtOnce() {
    partition.when(first);
    partition.when(
        partition.says("first", 1, Says.set("b", "2"), Says.set("a", "1"), Says.keys(1)));
    assertThat(lastOf("first"))
        .isEqualTo(JournalFrames.stateKeys(1, List.of(Bytes.utf8("a"), Bytes.utf8("b"))));

    partition.when(partition.says("first", 1, Says.set("c", "3"), Says.clear("a"), Says.keys(2)));
    assertThat(lastOf("first"))
        .isEqualTo(JournalFrames.stateKeys(2, List.of(Bytes.utf8("b"), Bytes.utf8("c"))));

    partition.when(partition.says("first", 1, Says.set("d", "4"), Says.clearAll(), Says.keys(3)));
    assertThat(lastOf("first")).isEqualTo(JournalFrames.stateKeys(3, List.of()));
    try (var left = partition.view().state(new ObjectId("Counter", "k"))) {
      assertThat(left.next()).isFalse();
    }
  }

  @Test
  void onlyWhoOwnsTheKeyMayWriteState() {
    partition.when(Asked.shared("look", "k"));

    partition.when(partition.says("look", 1, Says.set("n", "1"))).answers("faulted");

    assertThat(partition.statusOf("look")).isEqualTo("paused");
  }

  private Bytes lastOf(String name) {
    return entryOf(name, partition.journalOf(name).size() - 1);
  }

  private Bytes entryOf(String name, int index) {
    JournalEntry entry = partition.view().journalEntry(Asked.id(name), index);
    return entry == null ? Bytes.EMPTY : entry.payload();
  }
}
