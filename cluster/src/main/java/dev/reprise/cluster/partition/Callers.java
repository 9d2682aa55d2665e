package dev.reprise.cluster.partition;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.table.TablesView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who waits at this leader for the outcome of which invocation, and of which life of it. They
 * outlive epochs, but not the leadership. As many as there are requests under way; whoever lets
 * requests in bounds them. Confined to the leader loop.
 */
final class Callers {
  private static final Reply MISSED =
      new Reply.Answered(
          new Ingress.Answer.OutcomeUnknown(
              "it ended while another node led, and its outcome was not kept"));

  private record Caller(long incarnation, Consumer<Reply> answer) {}

  private final Map<InvocationId, List<Caller>> waiting = new HashMap<>();

  /** Waits until {@link #ended}, or {@link #forget}. */
  void await(InvocationId id, long incarnation, Consumer<Reply> answer) {
    waiting.computeIfAbsent(id, it -> new ArrayList<>(1)).add(new Caller(incarnation, answer));
  }

  void forget(InvocationId id, Consumer<Reply> answer) {
    List<Caller> callers = waiting.get(id);
    if (callers != null) {
      callers.removeIf(it -> it.answer().equals(answer));
      if (callers.isEmpty()) {
        waiting.remove(id);
      }
    }
  }

  /** Tells all who wait for this one. */
  void ended(Completed completed, boolean retained) {
    List<Caller> callers = waiting.remove(completed.id());
    if (callers != null) {
      long incarnation = completed.creation().incarnation();
      Reply answer = new Reply.Answered(new Ingress.Answer.Ended(completed, retained));
      // Those of an earlier life missed theirs.
      callers.forEach(it -> it.answer().accept(it.incarnation() == incarnation ? answer : MISSED));
    }
  }

  private void tellAll(InvocationId id, Reply answer) {
    List<Caller> callers = waiting.remove(id);
    if (callers != null) {
      callers.forEach(it -> it.answer().accept(answer));
    }
  }

  /** What they wait for may have been decided while nobody here led. */
  void lookAfter(TablesView tables) {
    for (InvocationId id : List.copyOf(waiting.keySet())) {
      Invocation open = tables.invocation(id);
      Completed completed = open == null ? tables.completed(id) : null;
      if (completed != null) {
        ended(completed, false);
      } else if (open == null) {
        tellAll(id, MISSED);
      } else {
        lookAfter(id, open.incarnation());
      }
    }
  }

  private void lookAfter(InvocationId id, long incarnation) {
    List<Caller> callers = waiting.getOrDefault(id, List.of());
    List<Caller> late = callers.stream().filter(it -> it.incarnation() != incarnation).toList();
    callers.removeAll(late);
    if (callers.isEmpty()) {
      waiting.remove(id);
    }
    late.forEach(it -> it.answer().accept(MISSED));
  }

  /** This replica does not lead any more: who waits is to ask the next one that does. */
  void moved() {
    for (InvocationId id : List.copyOf(waiting.keySet())) {
      tellAll(id, Reply.LEADER_CHANGED);
    }
  }

  int size() {
    return waiting.size();
  }
}
