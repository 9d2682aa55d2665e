package dev.reprise.sdk.core;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs whose result the journal does not hold: those to be executed, and those executing. */
final class OpenRuns {
  private final List<Integer> waiting = new ArrayList<>();
  private final Set<Integer> executing = new HashSet<>();

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
}
