package dev.reprise.storage.kv;

import static dev.reprise.storage.kv.Rows.all;
import static dev.reprise.storage.kv.Rows.batch;
import static dev.reprise.storage.kv.Rows.between;
import static dev.reprise.storage.kv.Rows.bytes;
import static dev.reprise.storage.kv.Rows.drain;
import static dev.reprise.storage.kv.Rows.put;
import static dev.reprise.storage.kv.Rows.text;
import static dev.reprise.storage.kv.Rows.theValueOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.kv.StorageException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every store promises. Each store's test extends this. */
public abstract class KeyValueStoreContract extends RowsContract {
  @Test
  void aSnapshotShowsTheStoreAsItWas() {
    put(store, "a", "1");
    put(store, "b", "1");
    try (Snapshot snapshot = store.snapshot()) {
      Contents before = Contents.of(store);
      put(store, "a", "2");
      store.write(batch(it -> it.deleteRange(bytes("b"), bytes("c"))));
      store.flush();
      assertThat(all(snapshot)).containsExactly("a=1", "b=1");
      assertThat(snapshot.get(bytes("a"))).isEqualTo(bytes("1"));
      assertThat(Contents.of(snapshot)).isEqualTo(before).isNotEqualTo(Contents.of(store));
      try (Cursor cursor = snapshot.scanCached(bytes("a"), bytes("b"))) {
        assertThat(drain(cursor)).containsExactly("a=1");
      }
    }
    assertThat(all(store)).containsExactly("a=2");
  }

  @Test
  void aScanAfterASnapshotsScanSeesThePresent() {
    put(store, "a", "1");
    try (Snapshot snapshot = store.snapshot()) {
      put(store, "a", "2");
      assertThat(between(snapshot, "a", "b")).containsExactly("a=1");
      assertThat(between(store, "a", "b")).containsExactly("a=2");
    }
    assertThat(between(store, "a", "b")).containsExactly("a=2");
  }

  @Test
  void aClosedStoreIsFoundAgainWhole() {
    put(store, "a", "1");
    store.flush();
    put(store, "b", "2");
    Contents contents = Contents.of(store);
    store.close();

    store = reopen(store, temp.resolve("store"));
    assertThat(Contents.of(store)).isEqualTo(contents);
    put(store, "c", "3");
    assertThat(all(store)).containsExactly("a=1", "b=2", "c=3");
  }

  @Test
  void aCheckpointIsAStoreOfItsOwn() {
    put(store, "a", "1");
    put(store, "b", "1");
    Path checkpoint = temp.resolve("checkpoint");
    store.checkpoint(checkpoint);
    put(store, "a", "2");

    try (KeyValueStore copy = openCheckpoint(checkpoint)) {
      assertThat(all(copy)).containsExactly("a=1", "b=1");
      put(copy, "c", "3");
    }
    assertThat(all(store)).containsExactly("a=2", "b=1");
  }

  @Test
  void aCheckpointNeedsAFreeNameInADirectoryThatExists() throws Exception {
    put(store, "a", "1");
    Path taken = Files.createDirectory(temp.resolve("taken"));
    assertFails(Reason.UNUSABLE, () -> store.checkpoint(taken));
    assertFails(Reason.UNUSABLE, () -> store.checkpoint(temp.resolve("nowhere/checkpoint")));
    assertThat(all(store)).containsExactly("a=1");
  }

  @Test
  void aClosedStoreRefusesEverythingAndTakesItsCursorsAndSnapshotsAlong() {
    put(store, "a", "1");
    Snapshot snapshot = store.snapshot();
    Cursor cursor = store.scan(bytes("a"), bytes("b"));
    assertThat(cursor.next()).isTrue();
    store.close();
    store.close();

    assertFails(Reason.CLOSED, () -> store.get(bytes("a")));
    assertFails(Reason.CLOSED, () -> store.scan(bytes("a"), bytes("b")));
    assertFails(Reason.CLOSED, () -> store.write(new WriteBatch()));
    assertFails(Reason.CLOSED, () -> store.flush());
    assertFails(Reason.CLOSED, () -> store.snapshot());
    assertFails(Reason.CLOSED, () -> store.checkpoint(temp.resolve("checkpoint")));
    assertFails(Reason.CLOSED, () -> snapshot.get(bytes("a")));
    assertFails(Reason.CLOSED, () -> snapshot.scan(bytes("a"), bytes("b")));
    assertFails(Reason.CLOSED, () -> cursor.next());
    assertFails(Reason.CLOSED, () -> cursor.value());
    snapshot.close();
    cursor.close();
  }

  @Test
  void aClosedCursorAndAClosedSnapshotRefuseToBeRead() {
    put(store, "a", "1");
    Cursor cursor = store.scan(bytes("a"), bytes("b"));
    cursor.close();
    cursor.close();
    assertFails(Reason.CLOSED, cursor::next);
    Snapshot snapshot = store.snapshot();
    snapshot.close();
    snapshot.close();
    assertFails(Reason.CLOSED, () -> snapshot.get(bytes("a")));
  }

  @Test
  void otherThreadsReadWhileOneWritesAndNeverSeeHalfABatch() {
    put(store, "a", "0");
    put(store, "b", "0");
    var reader =
        CompletableFuture.runAsync(
            () -> {
              String seen = "";
              while (!seen.equals("500")) {
                try (Snapshot snapshot = store.snapshot()) {
                  seen = text(theValueOf(snapshot, "a"));
                  assertThat(text(theValueOf(snapshot, "b"))).isEqualTo(seen);
                }
              }
            });
    for (int i = 1; i <= 500; i++) {
      byte[] value = bytes("" + i);
      store.write(
          batch(
              it -> {
                it.put(bytes("a"), value);
                it.put(bytes("b"), value);
              }));
    }
    reader.join();
  }
}
