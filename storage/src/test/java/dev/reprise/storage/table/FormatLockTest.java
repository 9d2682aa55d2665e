package dev.reprise.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.reprise.storage.kv.FormatLock;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.table.TableSamples.Row;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a partition's tables look like on disk, and that damage is noticed as such. */
@Timeout(60)
class FormatLockTest {
  private static final FormatLock LOCK =
      new FormatLock(
          "storage/src/test/resources/dev/reprise/storage/table/table-format.txt",
          """
          The rows of a partition's tables, one key and one value of each kind, in hexadecimal.
          A key begins with its table's number. Bytes marked as old must be readable for ever.
          """);

  private static Map<String, byte[]> bytes() {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    TableSamples.all()
        .forEach(
            (name, row) -> {
              bytes.put(name + ": key", key(row));
              bytes.put(name + ": value", row.valueBytes());
            });
    return bytes;
  }

  private static <K, V> byte[] key(Row<K, V> row) {
    return row.layout().key(row.key());
  }

  @Test
  void theBytesOfEveryTableAreThoseOnRecord() {
    LOCK.check(bytes());
  }

  @Test
  void whatWasEverWrittenIsReadAsWhatItMeant() {
    TableSamples.all()
        .forEach(
            (name, row) -> {
              List<byte[]> keys = LOCK.everOf(name + ": key");
              List<byte[]> values = LOCK.everOf(name + ": value");
              assertThat(keys).as(name).isNotEmpty();
              for (byte[] key : keys) {
                for (byte[] value : values) {
                  assertThat(row.reads(key, value)).as(name).isTrue();
                }
              }
            });
  }

  @Test
  void damagedBytesAreReportedAsSuchAndNothingElse() {
    SplittableRandom random = new SplittableRandom(1);
    for (Row<?, ?> row : TableSamples.all().values()) {
      byte[] value = row.valueBytes();
      byte[] key = key(row);
      for (int i = 0; i < 2_000; i++) {
        onlyStorageException(() -> row.layout().readValue(damaged(value, random)));
        onlyStorageException(() -> row.layout().readKey(damaged(key, random)));
      }
    }
  }

  /** Cut, grown, or with a few bytes changed. */
  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    byte[] damaged = Arrays.copyOf(bytes, Math.max(0, bytes.length + random.nextInt(5) - 3));
    for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return damaged;
  }

  private static void onlyStorageException(Runnable reading) {
    try {
      reading.run();
    } catch (StorageException expected) {
      assertThat(expected.reason()).isEqualTo(StorageException.Reason.MALFORMED);
    } catch (RuntimeException other) {
      fail("Expected a storage exception, but got " + other, other);
    }
  }
}
