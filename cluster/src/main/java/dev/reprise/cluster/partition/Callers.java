package dev.reprise.cluster.partition;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.InvocationId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who waits at this node for the outcome of which invocation. They outlive epochs: when leadership
 * comes back, they are still here. Confined to the leader loop.
 */
final class Callers {
  private final Map<InvocationId, List<Consumer<Ingress.Answer>>> waiting = new HashMap<>();

  /** Waits until {@link #ended}; the handle takes it back. */
  void await(InvocationId id, Consumer<Ingress.Answer> answer) {
    waiting.computeIfAbsent(id, it -> new ArrayList<>(1)).add(answer);
  }

  void forget(InvocationId id, Consumer<Ingress.Answer> answer) {
    List<Consumer<Ingress.Answer>> others = waiting.get(id);
    if (others != null && others.remove(answer) && others.isEmpty()) {
      waiting.remove(id);
    }
  }

  /** Tells all who wait for this one. */
  void ended(Completed completed, boolean retained) {
    List<Consumer<Ingress.Answer>> callers = waiting.remove(completed.id());
    if (callers != null) {
      Ingress.Answer answer = new Ingress.Answer.Ended(completed, retained);
      callers.forEach(it -> it.accept(answer));
    }
  }

  /** The ids somebody waits for, to be looked at by a new leader. */
  List<InvocationId> ids() {
    return List.copyOf(waiting.keySet());
  }

  /** Tells those who wait for this id that it is not to be found any more. */
  void lost(InvocationId id, Ingress.Answer answer) {
    List<Consumer<Ingress.Answer>> callers = waiting.remove(id);
    if (callers != null) {
      callers.forEach(it -> it.accept(answer));
    }
  }

  int size() {
    return waiting.size();
  }
}
