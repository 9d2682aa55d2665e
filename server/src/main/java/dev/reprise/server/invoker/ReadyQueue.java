package dev.reprise.server.invoker;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Invocations that wait for a place among the running attempts: in order within a service, and the
 * services by turns, so that one with many does not keep the others waiting. Confined to the
 * partition's loop.
 */
final class ReadyQueue {
  private final Map<String, Queue<Activation>> byService = new HashMap<>();

  /** Those that have somebody, the one whose turn it is first. */
  private final Queue<Queue<Activation>> turns = new ArrayDeque<>();

  private int size;

  void add(Activation activation) {
    Queue<Activation> mine = byService.get(activation.service());
    if (mine == null) {
      mine = new ArrayDeque<>();
      byService.put(activation.service(), mine);
      turns.add(mine);
    }
    mine.add(activation);
    size++;
  }

  /** Whose turn it is; there must be one. */
  Activation first() {
    return turns.element().element();
  }

  /** Takes out whose turn it is; the next service has its turn. */
  void removeFirst() {
    Queue<Activation> mine = turns.remove();
    Activation first = mine.remove();
    if (mine.isEmpty()) {
      byService.remove(first.service());
    } else {
      turns.add(mine);
    }
    size--;
  }

  int size() {
    return size;
  }

  /** How many wait of one service. */
  int size(String service) {
    Queue<Activation> mine = byService.get(service);
    return mine == null ? 0 : mine.size();
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    byService.clear();
    turns.clear();
    size = 0;
  }
}
