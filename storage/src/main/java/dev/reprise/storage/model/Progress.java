package dev.reprise.storage.model;

import org.jspecify.annotations.Nullable;

/**
 * How far an open invocation's journal has come.
 *
 * @param entries journal entries, commands and notifications together
 * @param commands journal commands among them
 * @param output index of the last output entry, -1 before there is one
 * @param pending journal commands whose completion has not arrived
 * @param signals signals in the journal
 * @param woken journal entries there were when it was last to be run: its attempts since then have
 *     been told at least these
 * @param changedAtMillis log time of the last journal entry
 * @param attempt the highest attempt that has spoken
 * @param pin set with the first thing an attempt said
 */
public record Progress(
    int entries,
    int commands,
    int output,
    int pending,
    int signals,
    int woken,
    long changedAtMillis,
    AttemptId attempt,
    @Nullable Pin pin) {
  public static Progress of(long nowMillis) {
    return new Progress(0, 0, -1, 0, 0, 0, nowMillis, AttemptId.NONE, null);
  }
}
