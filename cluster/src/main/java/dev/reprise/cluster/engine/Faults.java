package dev.reprise.cluster.engine;

import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Status;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a piece of work that breaks an invariant: it is taken back, the invocation that
 * it is about is parked, and the partition goes on, the same on every replica. Confined to the
 * apply thread.
 */
final class Faults {
  private final long index;
  private final ApplyContext ctx;

  Faults(long index, ApplyContext ctx) {
    this.index = index;
    this.ctx = ctx;
  }

  /**
   * Does one piece of work as if it were alone in its entry. A failure of storage goes up.
   *
   * @param about the invocation to park; null when there is none
   * @param fault turns the reason into the answer
   */
  <T> T guard(@Nullable InvocationId about, Supplier<T> work, Function<String, T> fault) {
    ctx.beginCommand();
    try {
      T result = work.get();
      ctx.endCommand();
      return result;
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      ctx.discardCommand();
      String reason = "engine fault at " + index + ": " + words(e);
      if (about != null) {
        park(about, reason);
      }
      return fault.apply(reason);
    }
  }

  /** Only our own words: what a library or the JVM says may differ between two replicas. */
  private static String words(RuntimeException e) {
    String words = e.getMessage();
    boolean ours = e instanceof Invariant.Broken || e instanceof JournalFrames.Malformed;
    return ours && words != null ? words : e.getClass().getSimpleName();
  }

  private void park(InvocationId id, String reason) {
    try {
      park(id, reason, true);
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      // What counts for its limits is broken as well: nobody gets its places.
      ctx.discardCommand();
      park(id, reason, false);
    }
  }

  private void park(InvocationId id, String reason, boolean release) {
    ctx.beginCommand();
    OpenInvocation invocation = ctx.find(id);
    if (invocation != null && hasBegun(invocation.status())) {
      boolean ran = invocation.status() instanceof Status.Invoked;
      invocation.become(new Status.Paused(reason));
      if (ran && release) {
        Limits.release(invocation.current(), ctx);
      }
    }
    ctx.endCommand();
  }

  /** Who waits for a time, a key or a place has none yet, and could not go on when resumed. */
  private static boolean hasBegun(Status status) {
    return status instanceof Status.Invoked || status instanceof Status.Suspended;
  }
}
