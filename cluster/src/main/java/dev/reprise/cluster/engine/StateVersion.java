package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.StateEntry;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The hash that tells one state of an object from another: SHA-256 over its entries in the order of
 * their keys, in base 64 for URLs without padding. Clients work it out for themselves, so that its
 * form is given.
 *
 * <pre>for each entry: place from 0 (8) | 0x01 | key | 0x02 | value | 0x03</pre>
 */
public final class StateVersion {
  private StateVersion() {}

  /**
   * Of a whole state.
   *
   * @param entries in the order of their keys
   */
  public static String of(List<StateEntry> entries) {
    MessageDigest digest = sha256();
    long place = 0;
    for (StateEntry entry : entries) {
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(place++).flip());
      digest.update((byte) 1);
      update(digest, entry.key());
      digest.update((byte) 2);
      update(digest, entry.value());
      digest.update((byte) 3);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private static void update(MessageDigest digest, Bytes bytes) {
    digest.update(bytes.array(), bytes.offset(), bytes.length());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected every Java platform to know SHA-256", e);
    }
  }
}
