package dev.reprise.cluster.partition;

/** What came of a question to one replica of a partition. Each question gets exactly one. */
public sealed interface Reply {
  /** This replica does not lead. */
  NotDone NOT_LEADING = new NotDone("this replica does not lead");

  /** It was proposed, and the leader changed. */
  Unknown LEADER_CHANGED = new Unknown("the leader changed before the answer was known");

  /** The leader's answer: final. */
  record Answered(Ingress.Answer answer) implements Reply {}

  /** The leader has all messages up to this sequence. */
  record Delivered(long throughSequence) implements Reply {}

  /**
   * Nothing was done, and nothing will be by this asking: it may be asked elsewhere.
   *
   * @param reason fit for a person
   */
  record NotDone(String reason) implements Reply {}

  /**
   * It may be done, or may still be done later.
   *
   * @param reason fit for a person
   */
  record Unknown(String reason) implements Reply {}
}
