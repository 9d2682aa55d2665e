package dev.reprise.server.config;

import java.util.List;

/**
 * Keys of Restate's that have no effect here, and why. A file or a variable of Restate's may have
 * them; each is told once.
 */
final class RestateKeys {
  /**
   * Keys and why they do nothing.
   *
   * @param keys patterns: a last {@code *} stands for all that follows
   */
  record Idle(String why, List<String> keys) {
    private static Idle of(String why, String... keys) {
      return new Idle(why, List.of(keys));
    }
  }

  static final List<Idle> IDLE =
      List.of(
          Idle.of("every node has every role", "roles"),
          Idle.of(
              "there is one kind of log and of metadata store",
              "metadata-server.*",
              "bifrost.*",
              "log-server.*",
              "metadata-client.*"),
          Idle.of(
              "connections between nodes, and what is known of other nodes, keep their own times",
              "networking.*",
              "gossip-*",
              "network-error-retry-policy.*",
              "hlc-max-drift",
              "metadata-update-interval",
              "metadata-fetch-from-peer-timeout",
              "listen-mode",
              "advertised-ingress-endpoint",
              "force-node-id"),
          Idle.of("a node stops as it does", "shutdown-timeout", "initialization-timeout"),
          Idle.of(
              "the log is set with REPRISE_LOG",
              "log-filter",
              "log-format",
              "log-disable-ansi-codes"),
          Idle.of("traces are not made yet", "tracing-*"),
          Idle.of(
              "metrics are always there, and nothing is sent home",
              "disable-prometheus",
              "disable-telemetry"),
          Idle.of(
              "the store looks after itself within rocksdb-total-memory-size",
              "rocksdb-*",
              "worker.storage.*",
              "storage-high-priority-bg-threads",
              "storage-low-priority-bg-threads"),
          Idle.of("there are no snapshots in object stores", "worker.snapshots.*"),
          Idle.of(
              "partitions bound their queues and batches themselves",
              "worker.internal-queue-length",
              "worker.max-command-batch-*",
              "worker.trim-delay-interval",
              "worker.data-service-memory-limit",
              "worker.self-proposal-queue-memory-limit",
              "worker.shuffle.*",
              "worker.invoker.in-memory-queue-length-limit"),
          Idle.of(
              "attempts have bounds of their own",
              "worker.invoker.concurrent-invocations-limit",
              "worker.invoker.message-size-*",
              "worker.invoker.eager-state-size-limit",
              "worker.invoker.http2-*",
              "worker.invoker.connect-timeout",
              "worker.invoker.request-compression-threshold",
              "worker.invoker.request-identity-expiration",
              "worker.invoker.max-awaited-future-depth",
              "worker.invoker.additional-request-headers.*",
              "worker.invoker.tmp-dir",
              "worker.invoker.no-proxy",
              "worker.invoker.http-proxy"),
          Idle.of("memory is always divided and given back", "experimental-enable-invoker-yield"),
          Idle.of(
              "scopes and limits are always on, and rules are told at once",
              "experimental-enable-vqueues",
              "worker.rule-book-poll-interval"),
          Idle.of("the admin port has no such settings", "admin.*"),
          Idle.of("the ingress has no such settings", "ingress.*"),
          Idle.of(
              "a workflow's and an object's key decides where it lives",
              "disable-controlled-idempotent-sharding"),
          Idle.of("requests to endpoints take the direct way", "no-proxy", "http-proxy"));

  private RestateKeys() {}

  static boolean isIdle(String key) {
    return IDLE.stream().flatMap(it -> it.keys().stream()).anyMatch(it -> matches(it, key));
  }

  private static boolean matches(String pattern, String key) {
    return pattern.endsWith("*")
        ? key.startsWith(pattern.substring(0, pattern.length() - 1))
        : key.equals(pattern);
  }
}
