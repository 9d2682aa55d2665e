package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.partition.Invoker;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import org.jspecify.annotations.Nullable;

/** Has no endpoint, for stories that are not about calls. */
public class IdleInvoker implements Invoker {
  @Override
  public void run(Invocation invocation, @Nullable JournalEntry input) {}

  @Override
  public void notify(InvocationId id, long incarnation, int index, JournalEntry notification) {}

  @Override
  public void abort(InvocationId id, long incarnation) {}

  @Override
  public void pause(InvocationId id, long incarnation) {}

  @Override
  public void hurry(InvocationId id, long incarnation) {}

  @Override
  public void close() {}

  @Override
  public void flush() {}

  @Override
  public Room room(String service) {
    return Room.FULL;
  }

  @Override
  public @Nullable Activity activity(InvocationId id) {
    return null;
  }

  @Override
  public long registryVersion() {
    return 0;
  }

  @Override
  public int mayPin(String deployment) {
    return 0;
  }
}
