package dev.reprise.cluster.log.simulated;

/**
 * How unkind a {@link SimulatedLog} is. Chances are from 0 to 1, times are virtual milliseconds.
 *
 * @param commitDelayMax a proposal is committed, or its fate told, at most this much later
 * @param applyDelayMax a replica applies what is committed at most this much later, in runs
 * @param beliefMax a deposed leader learns of it at most this much later
 * @param electionEveryMean leadership moves by itself this often on average; 0 means never
 * @param refused a proposal is not appended and reported as failed, though its neighbours may be
 *     appended
 * @param reportedLost a proposal is appended and reported as failed all the same
 * @param duplicated a proposal is appended twice, as a retry would be. No log of ours retries; this
 *     is for proving that commands are harmless when applied twice
 */
public record Faults(
    int commitDelayMax,
    int applyDelayMax,
    int beliefMax,
    int electionEveryMean,
    double refused,
    double reportedLost,
    double duplicated) {
  /** A healthy cluster: things take their time, leaders stay. */
  public static final Faults NONE = new Faults(3, 5, 200, 0, 0, 0, 0);

  /** Everything that a log may do, often. */
  public static final Faults STORM = new Faults(20, 200, 1000, 2000, 0.01, 0.01, 0);

  /** Slows replicas down: a follower may be this far behind in time. */
  public Faults withApplyDelayMax(int millis) {
    return new Faults(
        commitDelayMax, millis, beliefMax, electionEveryMean, refused, reportedLost, duplicated);
  }

  /** Moves leadership this often on average. */
  public Faults withElectionEveryMean(int millis) {
    return new Faults(
        commitDelayMax, applyDelayMax, beliefMax, millis, refused, reportedLost, duplicated);
  }

  /** Appends proposals twice with this chance. */
  public Faults withDuplicated(double chance) {
    return new Faults(
        commitDelayMax, applyDelayMax, beliefMax, electionEveryMean, refused, reportedLost, chance);
  }
}
