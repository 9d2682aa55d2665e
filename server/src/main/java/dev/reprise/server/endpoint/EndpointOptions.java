package dev.reprise.server.endpoint;

import java.time.Duration;

/**
 * How connections to endpoints are kept.
 *
 * @param connectTimeout until the peer has greeted
 * @param pingEvery how often a connection is asked whether it lives
 * @param pingTimeout how long it may take to say so
 * @param idleTimeout a connection without streams is closed after this
 * @param lookUpEvery how long the addresses of a name are believed
 * @param streamsPerConnection at most; the peer may allow fewer
 * @param connectionsPerAddress at most, per loop and network address, where each bears many streams
 * @param http1ConnectionsPerAddress the same where each bears one exchange
 * @param streamWindow bytes of a response that may be on their way unread
 */
public record EndpointOptions(
    Duration connectTimeout,
    Duration pingEvery,
    Duration pingTimeout,
    Duration idleTimeout,
    Duration lookUpEvery,
    int streamsPerConnection,
    int connectionsPerAddress,
    int http1ConnectionsPerAddress,
    int streamWindow) {
  public static final EndpointOptions DEFAULTS =
      new EndpointOptions(
          Duration.ofSeconds(10),
          Duration.ofSeconds(40),
          Duration.ofSeconds(20),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          128,
          16,
          2_048,
          2 << 20);

  /** The same with another limit on waiting for a connection. */
  public EndpointOptions withConnectTimeout(Duration timeout) {
    return new EndpointOptions(
        timeout,
        pingEvery,
        pingTimeout,
        idleTimeout,
        lookUpEvery,
        streamsPerConnection,
        connectionsPerAddress,
        http1ConnectionsPerAddress,
        streamWindow);
  }
}
