package dev.reprise.server.http;

import dev.reprise.api.MessageFraming;

/**
 * What one port takes.
 *
 * @param bodyBytes the largest body of a request
 * @param heldBytes the bodies being received at one time, all together
 * @param headers how many header fields a request may have
 */
public record HttpLimits(int bodyBytes, long heldBytes, int headers) {
  public static final HttpLimits DEFAULT =
      new HttpLimits(MessageFraming.VALUE_LIMIT, 512L << 20, 200);

  /** Bytes of a request line, and of all header fields together. */
  static final int HEAD_BYTES = 64 << 10;

  public HttpLimits {
    if (bodyBytes < 0 || heldBytes < bodyBytes || headers < 1) {
      throw new IllegalArgumentException(
          "Expected room for at least one request, but got limits of "
              + bodyBytes
              + " and "
              + heldBytes
              + " bytes and "
              + headers
              + " headers");
    }
  }
}
