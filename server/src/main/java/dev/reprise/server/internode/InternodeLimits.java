package dev.reprise.server.internode;

import java.time.Duration;

/**
 * How much one node may ask of another, and how patient it is.
 *
 * @param questions that may wait for replies, per loop and node
 * @param bytes of questions that may wait to be sent, and of replies, per loop and node; the last
 *     one may go beyond it
 * @param heartbeat a node that is asked says something at least this often
 * @param silence a node that says nothing for this long is not heard of any more
 * @param pause after a broken stream, before the next one is tried; a few times longer where that
 *     fails again and again
 */
public record InternodeLimits(
    int questions, long bytes, Duration heartbeat, Duration silence, Duration pause) {
  public static final InternodeLimits DEFAULTS =
      new InternodeLimits(
          50_000, 64L << 20, Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofMillis(50));
}
