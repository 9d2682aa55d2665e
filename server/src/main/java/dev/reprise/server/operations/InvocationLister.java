package dev.reprise.server.operations;

import java.util.function.Predicate;

/** Lists the invocations of all partitions. Called on a thread that may block. */
@FunctionalInterface
public interface InvocationLister {
  /**
   * Gives rows, open invocations first.
   *
   * @param rows takes a row and says whether it wants more; called on the caller's thread
   */
  void list(Query query, Predicate<Row> rows);

  /**
   * Which rows.
   *
   * @param service only of this service; empty for all
   * @param completed also those that have completed and are still kept
   * @param limit at most this many, from 1
   */
  record Query(String service, boolean completed, int limit) {}

  /**
   * One invocation.
   *
   * @param status scheduled, inbox, running, ready, backing-off, suspended, paused or completed
   * @param scheduledAtMillis when a scheduled one starts, otherwise 0
   * @param deployment empty when it is on none yet
   * @param waitingFor why it waits, for a person; empty when it does not
   * @param scope empty when it has none
   * @param limitKey empty when it has none
   */
  record Row(
      String id,
      String target,
      String status,
      long createdAtMillis,
      long scheduledAtMillis,
      int journalLength,
      String deployment,
      String waitingFor,
      String scope,
      String limitKey) {}
}
