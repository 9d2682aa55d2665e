package dev.reprise.storage.kv.rocksdb;

import static dev.reprise.storage.kv.Rows.all;
import static dev.reprise.storage.kv.Rows.bytes;
import static dev.reprise.storage.kv.Rows.drain;
import static dev.reprise.storage.kv.Rows.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.KeyValueStoreContract;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import dev.reprise.storage.kv.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The promises of every store, and how the one on disk meets damage, misuse and its bounds. */
class RocksDbStoreTest extends KeyValueStoreContract {
  private static RocksDbResources resources;

  @BeforeAll
  static void shareMemory() {
    resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);
  }

  @AfterAll
  static void freeMemory() {
    resources.close();
  }

  @Override
  protected KeyValueStore create(Path directory) {
    return RocksDbStore.open(directory, resources);
  }

  @Override
  protected KeyValueStore reopen(KeyValueStore closed, Path directory) {
    return RocksDbStore.open(directory, resources);
  }

  @Override
  protected KeyValueStore openCheckpoint(Path directory) {
    return RocksDbStore.open(directory, resources);
  }

  @Test
  void aWriteCostsThreeNativeCallsHoweverLarge() {
    var batch = new WriteBatch();
    for (int i = 0; i < 1_000; i++) {
      batch.put(bytes("key" + i), bytes("value"));
    }
    batch.deleteRange(bytes("key0"), bytes("key5"));
    long before = calls().total();
    store.write(batch);
    assertThat(calls().total() - before).isEqualTo(3);
  }

  @Test
  void aReadCostsOneNativeCallAndAScanFiveAndFourPerRow() {
    put(store, "a", "1");
    put(store, "b", "1");
    drainOnce(); // makes the options that later scans reuse

    long before = calls().total();
    store.get(bytes("a"));
    assertThat(calls().total() - before).isEqualTo(1);

    before = calls().total();
    drainOnce();
    int bound = 1;
    int iterator = 2;
    int steps = 3 * 2;
    int rows = 2 * 2;
    int status = 1;
    assertThat(calls().total() - before).isEqualTo(bound + iterator + steps + rows + status);
  }

  @Test
  void aScanFromMemoryStopsShortOfWhatOnlyTheDiskHas() {
    put(store, "a", "1");
    put(store, "b", "1");
    store.close();
    try (var ownCache = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);
        var reopened = RocksDbStore.open(temp.resolve("store"), ownCache)) {
      try (Cursor cursor = reopened.scanCached(bytes("a"), bytes("c"))) {
        assertThat(drain(cursor)).isEmpty();
        assertThat(cursor.stoppedShort()).isTrue();
      }
      assertThat(all(reopened)).containsExactly("a=1", "b=1");
      try (Cursor cursor = reopened.scanCached(bytes("a"), bytes("c"))) {
        assertThat(drain(cursor)).containsExactly("a=1", "b=1");
        assertThat(cursor.stoppedShort()).isFalse();
      }
    }
  }

  @Test
  void closingWhileOthersReadNeverTouchesFreedMemory() throws Exception {
    for (int i = 0; i < 200; i++) {
      put(store, "key" + i, "value");
    }
    var allReading = new CountDownLatch(4);
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      boolean points = i % 2 == 0;
      readers.add(
          CompletableFuture.runAsync(
              () -> readUntilClosed(allReading, points), RocksDbStoreTest::onAThreadOfItsOwn));
    }
    allReading.await();
    store.close();
    readers.forEach(CompletableFuture::join);
  }

  @Test
  void aDirectoryThatHoldsSomethingElseIsLeftAlone() throws Exception {
    Path directory = Files.createDirectory(temp.resolve("home"));
    Files.writeString(directory.resolve("letter.txt"), "dear");
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> RocksDbStore.open(directory, resources))
        .withMessageContaining("something else: letter.txt");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(directory.resolve("letter.txt"));
    }
  }

  @Test
  void aFileIsNoDirectoryForAStore() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertFails(Reason.UNUSABLE, () -> RocksDbStore.open(file, resources));
  }

  @Test
  void aStoreIsOpenOnceAtATime() {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> RocksDbStore.open(temp.resolve("store"), resources))
        .withMessageContaining("Expected to be the only user of the store at " + temp)
        .satisfies(it -> assertThat(it.reason()).isEqualTo(Reason.UNUSABLE));
  }

  @Test
  void aDamagedFileIsNamedByWhoeverReadsIt() throws Exception {
    putMuch();
    store.flush();
    store.close();
    Path damaged = damageOneFileOfRows();

    store = RocksDbStore.open(temp.resolve("store"), resources);
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> all(store))
        .withMessageContaining("Expected intact bytes in " + damaged)
        .satisfies(it -> assertThat(it.reason()).isEqualTo(Reason.CORRUPT));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> store.verify(() -> true))
        .withMessageContaining(damaged.toString())
        .withMessageContaining("offset")
        .satisfies(it -> assertThat(it.reason()).isEqualTo(Reason.CORRUPT));
  }

  @Test
  void aMissingFileIsFoundWhenTheStoreOpens() throws Exception {
    putMuch();
    store.close();
    Path missing = fileOfRows();
    Files.delete(missing);
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> RocksDbStore.open(temp.resolve("store"), resources))
        .withMessageContaining(missing.getFileName().toString())
        .satisfies(it -> assertThat(it.reason()).isEqualTo(Reason.CORRUPT));
  }

  @Test
  void rowsWithoutTheFileThatNamesThemAreNotReplacedByAnEmptyStore() throws Exception {
    putMuch();
    store.close();
    Files.delete(temp.resolve("store/CURRENT"));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> RocksDbStore.open(temp.resolve("store"), resources))
        .withMessageContaining(temp.resolve("store/CURRENT").toString())
        .satisfies(it -> assertThat(it.reason()).isEqualTo(Reason.CORRUPT));
    assertThat(fileOfRows()).exists();
  }

  @Test
  void anIntactStorePassesItsVerification() {
    putMuch();
    store.flush();
    store.verify(() -> true);
  }

  @Test
  void aVerificationCanBeEndedEarly() throws Exception {
    putMuch();
    store.flush();
    damageOneFileOfRows();
    store.verify(() -> false);
  }

  @Test
  void noWriteAheadLogIsWritten() throws Exception {
    putMuch();
    try (Stream<Path> files = Files.list(temp.resolve("store"))) {
      assertThat(files.filter(it -> it.toString().endsWith(".log")))
          .allSatisfy(it -> assertThat(it).isEmptyFile());
    }
  }

  private void readUntilClosed(CountDownLatch reading, boolean points) {
    boolean announced = false;
    try {
      while (true) {
        if (points) {
          assertThat(store.get(bytes("key7"))).isNotNull();
        } else {
          assertThat(all(store)).hasSize(200);
        }
        if (!announced) {
          reading.countDown();
          announced = true;
        }
      }
    } catch (StorageException e) {
      assertThat(e.reason()).isEqualTo(Reason.CLOSED);
    }
  }

  private static void onAThreadOfItsOwn(Runnable task) {
    Thread.ofPlatform().daemon().start(task);
  }

  private NativeCalls calls() {
    return ((RocksDbStore) store).nativeCalls();
  }

  private void drainOnce() {
    try (Cursor cursor = store.scan(bytes("a"), bytes("c"))) {
      assertThat(drain(cursor)).hasSize(2);
    }
  }

  private void putMuch() {
    for (int i = 0; i < 500; i++) {
      put(store, "key" + i, "value" + i);
    }
  }

  private Path damageOneFileOfRows() throws IOException {
    Path file = fileOfRows();
    byte[] content = Files.readAllBytes(file);
    content[100] ^= 0x40;
    Files.write(file, content);
    return file;
  }

  private Path fileOfRows() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("store"))) {
      return files.filter(it -> it.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
  }
}
