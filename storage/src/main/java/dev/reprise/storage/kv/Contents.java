package dev.reprise.storage.kv;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * All rows of a store in one comparable value: equal exactly if keys and values are. Reads
 * everything, so it is for tests, for the simulation and for comparing replicas by hand.
 *
 * @param rows how many rows
 * @param digest SHA-256 over all keys and values in order, in hexadecimal
 */
public record Contents(long rows, String digest) {
  private static final byte[] EVERYTHING = {};

  public static Contents of(Reads reads) {
    MessageDigest digest = sha256();
    var row = new ByteWriter();
    long rows = 0;
    try (Cursor cursor = reads.scan(EVERYTHING, EVERYTHING)) {
      while (cursor.next()) {
        row.reset().bytes(cursor.key()).bytes(cursor.value());
        digest.update(row.array(), 0, row.size());
        rows++;
      }
    }
    return new Contents(rows, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256, but this JDK has none", e);
    }
  }
}
