package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Action;
import dev.reprise.cluster.engine.Result;
import java.util.List;

/**
 * What the apply thread hands to the leader loop: one object per log entry.
 *
 * @param index where the entry stands
 * @param epoch who proposed it; 0 for an announcement
 * @param sequence which of that epoch's entries it is
 */
record AppliedEntry(
    long index, long epoch, long sequence, List<Result> results, List<Action> actions) {}
