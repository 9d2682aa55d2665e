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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.reprise.storage.kv.StorageException.Reason;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises about rows and the ways to walk over them. */
@Timeout(60)
abstract class RowsContract {
  @TempDir protected Path temp;

  /** The store under test; closed after the test. */
  protected KeyValueStore store;

  /** An empty store; the directory is there for stores that need one, and does not exist yet. */
  protected abstract KeyValueStore create(Path directory);

  /** The same store again after it was closed. */
  protected abstract KeyValueStore reopen(KeyValueStore closed, Path directory);

  /** A checkpoint as a store. */
  protected abstract KeyValueStore openCheckpoint(Path directory);

  @BeforeEach
  void openAnEmptyStore() {
    store = create(temp.resolve("store"));
  }

  @AfterEach
  void closeTheStore() {
    store.close();
  }

  @Test
  void whatWasPutIsFoundUntilItIsDeleted() {
    put(store, "key", "value");
    assertThat(store.get(bytes("key"))).isEqualTo(bytes("value"));

    store.write(batch(it -> it.delete(bytes("key"))));
    assertThat(store.get(bytes("key"))).isNull();
  }

  @Test
  void aKeyThatWasNeverPutHasNoValue() {
    put(store, "key", "value");
    assertThat(store.get(bytes("ke"))).isNull();
    assertThat(store.get(bytes("key\0"))).isNull();
  }

  @Test
  void emptyKeysAndEmptyValuesAreRowsLikeOthers() {
    put(store, "", "nameless");
    put(store, "key", "");
    assertThat(store.get(bytes(""))).isEqualTo(bytes("nameless"));
    assertThat(store.get(bytes("key"))).isEmpty();
    assertThat(all(store)).containsExactly("=nameless", "key=");
  }

  @Test
  void aScanShowsKeysInUnsignedOrder() {
    for (String key : new String[] {"\u00ff", "b", "a\0", "\u0080", "a", "\0", "\u007f", "ab"}) {
      put(store, key, "");
    }
    assertThat(all(store))
        .containsExactly("\0=", "a=", "a\0=", "ab=", "b=", "\u007f=", "\u0080=", "\u00ff=");
  }

  @Test
  void aScanIncludesItsStartAndExcludesItsEnd() {
    store.write(
        batch(
            it -> {
              for (String key : new String[] {"a", "b", "b1", "c", "d"}) {
                it.put(bytes(key), bytes(""));
              }
            }));
    assertThat(between(store, "b", "d")).containsExactly("b=", "b1=", "c=");
    assertThat(between(store, "b", "")).containsExactly("b=", "b1=", "c=", "d=");
    assertThat(between(store, "c", "b")).isEmpty();
    assertThat(between(store, "b", "b")).isEmpty();
    assertThat(between(store, "x", "z")).isEmpty();
  }

  @Test
  void boundsOfAnyLengthWorkOneAfterTheOther() {
    String longKey = "k".repeat(5_000);
    put(store, "a", "1");
    put(store, longKey, "2");
    put(store, longKey + "x", "3");
    assertThat(between(store, "a", longKey)).containsExactly("a=1");
    assertThat(between(store, "a", longKey + "x")).containsExactly("a=1", longKey + "=2");
    assertThat(between(store, "a", "b")).containsExactly("a=1");
    assertThat(between(store, longKey + "x", "l")).containsExactly(longKey + "x=3");
    assertThat(between(store, "", "a\0")).containsExactly("a=1");
  }

  @Test
  void theOperationsOfABatchTakeEffectInTheirOrder() {
    store.write(
        batch(
            it -> {
              it.put(bytes("a"), bytes("1"));
              it.put(bytes("b"), bytes("1"));
              it.put(bytes("c"), bytes("1"));
              it.deleteRange(bytes("a"), bytes("c"));
              it.put(bytes("b"), bytes("2"));
              it.delete(bytes("c"));
              it.put(bytes("c"), bytes("2"));
              it.delete(bytes("c"));
            }));
    assertThat(all(store)).containsExactly("b=2");
  }

  @Test
  void aDeletedRangeIncludesItsStartAndExcludesItsEnd() {
    for (String key : new String[] {"a", "b", "c", "d"}) {
      put(store, key, "");
    }
    store.write(batch(it -> it.deleteRange(bytes("b"), bytes("d"))));
    assertThat(all(store)).containsExactly("a=", "d=");
    assertThat(store.get(bytes("b"))).isNull();
    put(store, "b", "again");
    assertThat(all(store)).containsExactly("a=", "b=again", "d=");
  }

  @Test
  void anEmptyBatchChangesNothing() {
    put(store, "a", "1");
    store.write(new WriteBatch());
    assertThat(all(store)).containsExactly("a=1");
  }

  @Test
  void aBatchMayBeReusedAfterTheWrite() {
    var batch = new WriteBatch();
    batch.put(bytes("a"), bytes("1"));
    store.write(batch);
    batch.reset();
    batch.put(bytes("b"), bytes("2"));
    store.write(batch);
    assertThat(all(store)).containsExactly("a=1", "b=2");
  }

  @Test
  void aLargeValueComesBackWhole() {
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * 31) >>> 3);
    }
    store.write(batch(it -> it.put(bytes("large"), large)));
    store.flush();
    assertThat(store.get(bytes("large"))).isEqualTo(large);
  }

  @Test
  void whatIsReturnedBelongsToTheCaller() {
    put(store, "key", "value");
    theValueOf(store, "key")[0] = 'X';
    try (Cursor cursor = store.scan(bytes(""), bytes(""))) {
      assertThat(cursor.next()).isTrue();
      cursor.key()[0] = 'X';
      cursor.value()[0] = 'X';
      assertThat(text(cursor.key()) + text(cursor.value())).isEqualTo("keyvalue");
    }
    assertThat(all(store)).containsExactly("key=value");
  }

  @Test
  void aCursorDoesNotSeeLaterWrites() {
    put(store, "a", "1");
    put(store, "c", "1");
    try (Cursor cursor = store.scan(bytes("a"), bytes("z"))) {
      put(store, "b", "2");
      store.write(batch(it -> it.delete(bytes("c"))));
      assertThat(drain(cursor)).containsExactly("a=1", "c=1");
      assertThat(cursor.next()).isFalse();
      assertThat(cursor.stoppedShort()).isFalse();
    }
    assertThat(all(store)).containsExactly("a=1", "b=2");
  }

  @Test
  void manyCursorsWalkAtTheSameTimeEachToItsOwnEnd() {
    for (String key : new String[] {"a", "b", "c", "d"}) {
      put(store, key, "");
    }
    try (Cursor first = store.scan(bytes("a"), bytes("c"));
        Cursor second = store.scan(bytes("b"), bytes("z"))) {
      assertThat(first.next() && second.next()).isTrue();
      assertThat(text(first.key()) + text(second.key())).isEqualTo("ab");
      assertThat(drain(first)).containsExactly("b=");
      assertThat(drain(second)).containsExactly("c=", "d=");
    }
  }

  @Test
  void aCursorHasNoRowBeforeItsFirstStepAndAfterItsLast() {
    put(store, "a", "1");
    try (Cursor cursor = store.scan(bytes("a"), bytes("b"))) {
      assertThatIllegalStateException().isThrownBy(cursor::key);
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.next()).isFalse();
      assertThatIllegalStateException().isThrownBy(cursor::value);
    }
  }

  @Test
  void whatWasJustWrittenIsReadFromMemory() {
    put(store, "a", "1");
    put(store, "b", "1");
    try (Cursor cursor = store.scanCached(bytes("a"), bytes("b"))) {
      assertThat(drain(cursor)).containsExactly("a=1");
      assertThat(cursor.stoppedShort()).isFalse();
    }
  }

  /** The call throws a storage exception for the reason given. */
  protected static void assertFails(Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(call)
        .satisfies(it -> assertThat(it.reason()).isEqualTo(reason))
        .withMessageStartingWith("Expected ");
  }
}
