package dev.reprise.sdk.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs whose result the journal does not hold: those to be executed, those executing, and those
 * whose result was proposed and not yet acknowledged.
 */
final class OpenRuns {
  private final List<Integer> waiting = new ArrayList<>();
  private final Set<Integer> executing = new HashSet<>();
  private final Map<Integer, NotificationResult> proposed = new HashMap<>();

  void add(int completion) {
    waiting.add(completion);
  }

  List<Integer> start() {
    List<Integer> started = List.copyOf(waiting);
    waiting.clear();
    executing.addAll(started);
    return started;
  }

  /** False when that run is not executing: a second result must not be proposed. */
  boolean settle(int completion) {
    return executing.remove(completion);
  }

  boolean areSettled() {
    return waiting.isEmpty() && executing.isEmpty();
  }

  /** Keeps a result until the server says that it is durable. */
  void propose(int completion, NotificationResult result) {
    proposed.put(completion, result);
  }

  /** The result that was proposed; null when there was none. */
  @Nullable NotificationResult acknowledge(int completion) {
    return proposed.remove(completion);
  }
}
