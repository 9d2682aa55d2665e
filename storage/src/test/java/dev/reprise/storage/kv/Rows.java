package dev.reprise.storage.kv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Short words for tests about rows: text stands for its bytes, one byte a character. */
public final class Rows {
  /** As the end of a scan: to the end. */
  public static final byte[] TO_THE_END = {};

  private Rows() {}

  public static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  public static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** A batch with what the consumer adds. */
  public static WriteBatch batch(Consumer<WriteBatch> additions) {
    var batch = new WriteBatch();
    additions.accept(batch);
    return batch;
  }

  public static void put(KeyValueStore store, String key, String value) {
    store.write(batch(it -> it.put(bytes(key), bytes(value))));
  }

  /** The value of a key that must be there. */
  public static byte[] theValueOf(Reads reads, String key) {
    return Objects.requireNonNull(
        reads.get(bytes(key)), () -> "Expected a row with the key " + key + ", but there is none");
  }

  public static List<String> all(Reads reads) {
    return between(reads, "", "");
  }

  /** The rows from the one key to before the other, as key=value. */
  public static List<String> between(Reads reads, String from, String to) {
    try (Cursor cursor = reads.scan(bytes(from), bytes(to))) {
      return drain(cursor);
    }
  }

  public static List<String> drain(Cursor cursor) {
    var rows = new ArrayList<String>();
    while (cursor.next()) {
      rows.add(text(cursor.key()) + "=" + text(cursor.value()));
    }
    return rows;
  }
}
