package dev.reprise.storage.model;

import java.util.List;

/** A durable promise of a workflow. There is no row where nobody waits and nothing is decided. */
public sealed interface Promise {
  /** Nothing is decided; these are told when it is. Never empty. */
  record Open(List<Waiter> waiters) implements Promise {
    public Open {
      waiters = List.copyOf(waiters);
    }
  }

  /**
   * It is decided for ever.
   *
   * @param request who decided
   */
  record Decided(Outcome outcome, RequestId request) implements Promise {}
}
