package dev.reprise.storage.kv;

import static dev.reprise.storage.kv.Rows.bytes;
import static dev.reprise.storage.kv.Rows.hex;
import static dev.reprise.storage.kv.Rows.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WriteBatchTest {
  /** Format lock: these bytes are hashed to compare replicas, and handed to RocksDB. */
  @Test
  void aBatchIsTheBytesThatRocksDbExpects() {
    var batch = new WriteBatch();
    batch.put(bytes("k"), bytes("value"));
    batch.delete(bytes("gone"));
    batch.deleteRange(bytes("a"), bytes("b"));
    batch.put(bytes("k".repeat(200)), bytes(""));
    assertThat(hex(batch.toBytes()))
        .isEqualTo(
            "0000000000000000"
                + "04000000"
                + "01"
                + "016b"
                + "0576616c7565"
                + "00"
                + "04676f6e65"
                + "0f"
                + "0161"
                + "0162"
                + "01"
                + "c801"
                + "6b".repeat(200)
                + "00");
    assertThat(batch.count()).isEqualTo(4);
    assertThat(batch.size()).isEqualTo(batch.toBytes().length);
  }

  @Test
  void anEmptyBatchIsItsHeader() {
    assertThat(hex(new WriteBatch().toBytes())).isEqualTo("000000000000000000000000");
  }

  @Test
  void aResetBatchIsLikeANewOne() {
    var batch = new WriteBatch();
    batch.put(bytes("large"), new byte[2 << 20]);
    batch.reset();
    assertThat(batch.isEmpty()).isTrue();
    assertThat(batch.toBytes()).isEqualTo(new WriteBatch().toBytes());
    assertThat(batch.array()).hasSizeLessThan(1 << 20);
  }

  @Test
  void aBatchShowsItsOperationsInOrder() {
    var batch = new WriteBatch();
    batch.put(bytes("a"), bytes("1"));
    batch.deleteRange(bytes("b"), bytes("c"));
    batch.delete(bytes("a"));
    var seen = new ArrayList<String>();
    batch.forEach(
        new WriteBatch.Visitor() {
          @Override
          public void put(byte[] key, byte[] value) {
            seen.add("put " + text(key) + "=" + text(value));
          }

          @Override
          public void delete(byte[] key) {
            seen.add("delete " + text(key));
          }

          @Override
          public void deleteRange(byte[] from, byte[] to) {
            seen.add("delete " + text(from) + ".." + text(to));
          }
        });
    assertThat(seen).containsExactly("put a=1", "delete b..c", "delete a");
  }

  @Test
  void writersAndPartsOfArraysGiveTheSameBytesAsArrays() {
    var plain = new WriteBatch();
    plain.put(bytes("k"), bytes("v"));
    plain.delete(bytes("k"));
    var parts = new WriteBatch();
    parts.put(bytes("_k_"), 1, 1, bytes("__v"), 2, 1);
    parts.delete(bytes("_k_"), 1, 1);
    var writers = new WriteBatch();
    writers.put(new KeyWriter().uint8('k'), new ByteWriter().uint8('v'));
    writers.delete(new KeyWriter().uint8('k'));
    assertThat(parts.toBytes()).isEqualTo(plain.toBytes()).isEqualTo(writers.toBytes());
  }

  @Test
  void aRangeHasAnEndThatIsNotBeforeItsStart() {
    var batch = new WriteBatch();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.deleteRange(bytes("b"), bytes("a")));
    assertThatIllegalArgumentException().isThrownBy(() -> batch.deleteRange(bytes("b"), bytes("")));
    batch.deleteRange(bytes("a"), bytes("a"));
    assertThat(batch.isEmpty()).isTrue();
  }
}
