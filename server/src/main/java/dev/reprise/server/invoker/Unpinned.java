package dev.reprise.server.invoker;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts a partition's attempts whose invocations are pinned to no deployment yet: what they say
 * next pins them to the one they run on. Confined to the partition's loop.
 */
final class Unpinned {
  private final Map<String, Integer> attempts = new HashMap<>();

  void begun(String deploymentId) {
    attempts.merge(deploymentId, 1, Integer::sum);
  }

  /** It has pinned its invocation, as the tables show, or will not. */
  void over(String deploymentId) {
    attempts.computeIfPresent(deploymentId, (id, count) -> count == 1 ? null : count - 1);
  }

  int on(String deploymentId) {
    return attempts.getOrDefault(deploymentId, 0);
  }
}
