package dev.reprise.server.operations;

import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows one invocation with its journal. Called on a thread that may block. */
@FunctionalInterface
public interface InvocationDescriber {
  /** Null when nobody has this id. */
  @Nullable Description describe(InvocationId id);

  /**
   * An invocation.
   *
   * @param protocolVersion 0 before the first attempt
   * @param journal its first entries
   * @param end null while it is open
   */
  record Description(
      InvocationLister.Row row,
      String idempotencyKey,
      int protocolVersion,
      List<Entry> journal,
      @Nullable End end) {
    public Description {
      journal = List.copyOf(journal);
    }
  }

  /**
   * A journal entry.
   *
   * @param type such as {@code Command: Sleep}
   */
  record Entry(int index, String type, int bytes) {}

  /**
   * How it ended; times are in milliseconds of log time.
   *
   * @param failure null when it succeeded
   */
  record End(
      long atMillis,
      @Nullable Failure failure,
      long outcomeExpiresAtMillis,
      long journalExpiresAtMillis) {}
}
