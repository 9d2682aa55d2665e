package dev.reprise.cluster.partition;

import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRule;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a person may look at. Any thread; each answer comes exactly once, on a loop's thread, and is
 * as current as any read.
 */
public interface Inspection {
  /** How many partitions there are, numbered from 0. */
  int partitions();

  /**
   * Answers with the next few invocations of a partition, its next few levels of limits, or what
   * uses a deployment there: {@link Ingress.Answer.Page}, {@link Ingress.Answer.Levels}, {@link
   * Ingress.Answer.Uses}.
   */
  void look(int partition, Question.Look look, Consumer<Ingress.Answer> answer);

  /**
   * Answers with one invocation and its journal: {@link Ingress.Answer.Described} or {@link
   * Ingress.Answer.NotFound}.
   */
  void describe(InvocationId id, Consumer<Ingress.Answer> answer);

  /**
   * One invocation in a list.
   *
   * @param target for a person
   * @param status scheduled, inbox, running, ready, backing-off, suspended, paused or completed
   * @param scheduledAtMillis when a scheduled one starts, otherwise 0
   * @param deployment empty when it is on none yet
   * @param waitingFor why it waits, for a person; empty when it does not
   * @param scope empty when it has none
   * @param limitKey empty when it has none
   */
  record Listed(
      InvocationId id,
      String target,
      String status,
      long createdAtMillis,
      long scheduledAtMillis,
      int journalLength,
      String deployment,
      String waitingFor,
      String scope,
      String limitKey) {}

  /**
   * What counts at a level.
   *
   * @param rule that counts there; null when there is none
   */
  record Level(LimitLevel level, int running, int waiting, @Nullable LimitRule rule) {}

  /**
   * A journal entry.
   *
   * @param type of its frame
   */
  record Entry(int type, int bytes) {}

  /**
   * How it ended; times are in milliseconds of log time.
   *
   * @param failed whether it ended with a failure
   * @param code of the failure, otherwise 0
   * @param message of the failure, otherwise empty
   */
  record End(
      long atMillis,
      boolean failed,
      int code,
      String message,
      long outcomeExpiresAtMillis,
      long journalExpiresAtMillis) {}

  /** Where a page ended: there may be more behind it. */
  record Next(@Nullable InvocationId after) {
    /** There is no more. */
    public static final Next NONE = new Next(null);
  }
}
