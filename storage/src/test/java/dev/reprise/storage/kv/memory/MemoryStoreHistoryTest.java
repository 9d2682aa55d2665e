package dev.reprise.storage.kv.memory;

import static dev.reprise.storage.kv.Rows.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.StoreHistories;
import dev.reprise.storage.kv.StoreHistories.Step;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MemoryStoreHistoryTest {
  @Provide
  Arbitrary<List<Step>> histories() {
    return StoreHistories.histories();
  }

  @Property(tries = 500)
  void everyHistoryReadsLikeASortedMap(@ForAll("histories") List<Step> history) {
    try (var store = new MemoryStore()) {
      StoreHistories.check(history, store);
    }
  }

  @Property(tries = 100)
  void aCrashLeavesAPrefixOfTheHistory(@ForAll List<Byte> keys, @ForAll byte lost) {
    var states = new ArrayList<Contents>();
    var store = new MemoryStore();
    states.add(Contents.of(store));
    for (byte key : keys) {
      store.write(batch(it -> it.put(new byte[] {key}, new byte[] {(byte) states.size()})));
      states.add(Contents.of(store));
    }
    int forgotten = Math.min(lost & 0xFF, keys.size());
    assertThat(Contents.of(store.crash(lost & 0xFF)))
        .isEqualTo(states.get(keys.size() - forgotten));
  }
}
