package dev.reprise.cluster.routing;

import dev.reprise.storage.model.InvocationId;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * The name of an awakeable: a signal of one invocation, which whoever knows the name may send.
 *
 * <p>As text: {@code sign_1}, then the invocation's 24 bytes and the signal's index, big-endian, in
 * the URL alphabet of base 64 without padding. The official Java SDK writes it with padding, which is
 * read all the same.
 *
 * @param invocation who waits
 * @param index of the signal, unsigned
 */
public record AwakeableId(InvocationId invocation, int index) {
  private static final String PREFIX = "sign_1";
  private static final String PADDING = "==";
  private static final int BYTES = InvocationId.BYTES + Integer.BYTES;

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException with a message that says what was expected, fit for a client
   */
  public static AwakeableId parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw malformed(text, "it does not start with " + PREFIX);
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw malformed(text, "the rest is not base 64");
    }
    if (bytes.length != BYTES) {
      throw malformed(text, "it has not " + BYTES + " bytes");
    }
    int index = ByteBuffer.wrap(bytes).getInt(InvocationId.BYTES);
    AwakeableId id = new AwakeableId(InvocationId.read(bytes, 0), index);
    if (index == 0 || !(id.toString().equals(text) || (id + PADDING).equals(text))) {
      // Bits beyond the last byte, or half of the padding.
      throw malformed(text, "it is not written as the server writes it");
    }
    return id;
  }

  private static IllegalArgumentException malformed(String text, String why) {
    return new IllegalArgumentException(
        "Expected an awakeable id such as " + PREFIX + "…, but got '" + text + "': " + why);
  }

  @Override
  public String toString() {
    byte[] bytes = ByteBuffer.allocate(BYTES).put(invocation.toBytes()).putInt(index).array();
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
