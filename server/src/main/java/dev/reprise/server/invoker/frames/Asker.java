package dev.reprise.server.invoker.frames;

import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Waiter;

/** The invocation whose frames are read, as others answer it. */
public record Asker(int partition, InvocationId id, long incarnation) {
  Waiter waiter(int completionId) {
    return new Waiter(partition, id, incarnation, completionId);
  }
}
