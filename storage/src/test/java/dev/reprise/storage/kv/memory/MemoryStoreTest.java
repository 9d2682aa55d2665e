package dev.reprise.storage.kv.memory;

import static dev.reprise.storage.kv.Rows.all;
import static dev.reprise.storage.kv.Rows.bytes;
import static dev.reprise.storage.kv.Rows.drain;
import static dev.reprise.storage.kv.Rows.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.KeyValueStoreContract;
import dev.reprise.storage.kv.StorageException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The promises of every store, and the faults that this one is for. */
class MemoryStoreTest extends KeyValueStoreContract {
  @Override
  protected KeyValueStore create(Path directory) {
    return new MemoryStore();
  }

  @Override
  protected KeyValueStore reopen(KeyValueStore closed, Path directory) {
    return ((MemoryStore) closed).reopen();
  }

  @Override
  protected KeyValueStore openCheckpoint(Path directory) {
    return MemoryStore.open(directory);
  }

  @Test
  void aCrashForgetsTheLastWritesButNothingThatWasFlushed() {
    var before = new MemoryStore();
    put(before, "a", "1");
    put(before, "b", "1");
    before.flush();
    put(before, "c", "1");
    put(before, "d", "1");
    put(before, "a", "2");
    assertThat(before.unflushedWrites()).isEqualTo(3);

    MemoryStore after = before.crash(2);
    assertThat(all(after)).containsExactly("a=1", "b=1", "c=1");
    assertFails(Reason.CLOSED, () -> before.get(bytes("a")));

    put(after, "e", "1");
    assertThat(all(after.crash(100))).containsExactly("a=1", "b=1", "c=1");
  }

  @Test
  void whatACrashLeftIsNotLostByTheNext() {
    var store = new MemoryStore();
    put(store, "a", "1");
    assertThat(all(store.crash(0).crash(100))).containsExactly("a=1");
  }

  @Test
  void aStoreThatRefusesWritesIsReadOnAndWorksAgainLater() {
    var store = new MemoryStore();
    put(store, "a", "1");
    store.refuseWrites(true);
    assertFails(Reason.FAILED, () -> put(store, "b", "1"));
    assertFails(Reason.FAILED, store::flush);
    assertThat(all(store)).containsExactly("a=1");

    store.refuseWrites(false);
    put(store, "b", "1");
    assertThat(all(store)).containsExactly("a=1", "b=1");
  }

  @Test
  void aColdStoreStopsShortWhereItWouldHaveToReadAndOnlyThere() {
    var store = new MemoryStore();
    put(store, "a", "1");
    store.cool(true);
    try (Cursor cursor = store.scanCached(bytes("a"), bytes("b"))) {
      assertThat(drain(cursor)).isEmpty();
      assertThat(cursor.stoppedShort()).isTrue();
    }
    try (Cursor cursor = store.scanCached(bytes("x"), bytes("z"))) {
      assertThat(drain(cursor)).isEmpty();
      assertThat(cursor.stoppedShort()).isFalse();
    }
    assertThat(all(store)).containsExactly("a=1");
  }

  @Test
  void aDamagedCheckpointIsNotOpened() throws Exception {
    var store = new MemoryStore();
    put(store, "a", "1");
    Path checkpoint = temp.resolve("checkpoint");
    store.checkpoint(checkpoint);
    Path file = checkpoint.resolve("rows");
    byte[] damaged = Files.readAllBytes(file);
    damaged[1] ^= 1;
    Files.write(file, damaged);
    assertFails(Reason.CORRUPT, () -> MemoryStore.open(checkpoint));
  }
}
