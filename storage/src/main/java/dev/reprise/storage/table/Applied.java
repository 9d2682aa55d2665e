package dev.reprise.storage.table;

/**
 * Where the tables stand: written with every log entry, in the same batch.
 *
 * @param term and index of the newest entry whose effects are here
 * @param epoch index of the last announcement of a leader; 0 before the first
 * @param sequence of that epoch's entry that was taken last; a later one does not count while one
 *     between is missing
 * @param clockMillis log time: never runs backwards
 * @param hash over the bytes of everything written so far; equal on all replicas at the same index
 * @param ruleVersion which meaning entries have
 */
public record Applied(
    long term,
    long index,
    long epoch,
    long sequence,
    long clockMillis,
    long hash,
    int ruleVersion) {
  /** Before the first entry. */
  public static final Applied NOTHING = new Applied(0, 0, 0, 0, 0, 0, RuleVersion.FIRST);
}
