package dev.reprise.server.http;

import dev.reprise.api.MessageFraming;
import java.time.Duration;

/**
 * What one port takes.
 *
 * @param bodyBytes the largest body of a request
 * @param heldBytes the bodies being received at one time, all together
 * @param headers how many header fields a request may have
 * @param patience how long a request's head may take, and each next piece of its body
 * @param idle how long a connection may be open that asks nothing
 */
public record HttpLimits(
    int bodyBytes, long heldBytes, int headers, Duration patience, Duration idle) {
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          MessageFraming.VALUE_LIMIT,
          512L << 20,
          200,
          Duration.ofSeconds(30),
          Duration.ofMinutes(10));

  /** Bytes of a request line, and of all header fields together. */
  static final int HEAD_BYTES = 64 << 10;

  /** With the usual times. */
  public HttpLimits(int bodyBytes, long heldBytes, int headers) {
    this(bodyBytes, heldBytes, headers, DEFAULT.patience, DEFAULT.idle);
  }

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
    if (!patience.isPositive() || !idle.isPositive()) {
      throw new IllegalArgumentException(
          "Expected times above zero, but got " + patience + " and " + idle);
    }
  }

  /** The same, with these times. */
  public HttpLimits with(Duration newPatience, Duration newIdle) {
    return new HttpLimits(bodyBytes, heldBytes, headers, newPatience, newIdle);
  }

  long patienceNanos() {
    return patience.toNanos();
  }

  long idleNanos() {
    return idle.toNanos();
  }
}
