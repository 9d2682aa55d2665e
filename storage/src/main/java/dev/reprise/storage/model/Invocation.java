package dev.reprise.storage.model;

import java.util.ArrayList;
import java.util.List;

/** An invocation that has not completed. Immutable; each change makes a new one. */
public record Invocation(
    InvocationId id,
    InvocationTarget target,
    Creation creation,
    Status status,
    Progress progress,
    List<Waiter> waiters) {
  public Invocation {
    waiters = List.copyOf(waiters);
  }

  public long incarnation() {
    return creation.incarnation();
  }

  public Invocation with(Status newStatus) {
    return new Invocation(id, target, creation, newStatus, progress, waiters);
  }

  public Invocation with(Progress newProgress) {
    return new Invocation(id, target, creation, status, newProgress, waiters);
  }

  /** The same, with one more to tell; a waiter that is there already is not told twice. */
  public Invocation with(Waiter waiter) {
    if (waiters.contains(waiter)) {
      return this;
    }
    List<Waiter> more = new ArrayList<>(waiters);
    more.add(waiter);
    return new Invocation(id, target, creation, status, progress, more);
  }
}
