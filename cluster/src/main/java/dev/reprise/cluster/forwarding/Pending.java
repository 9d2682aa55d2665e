package dev.reprise.cluster.forwarding;

/** What waits for a leader. On the route's loop. */
interface Pending {
  /** There may be one now. */
  void go();

  /** Whether it has waited for as long as it may. */
  boolean isLate();

  /**
   * It waits in vain.
   *
   * @param reason fit for a person
   */
  void giveUp(String reason);
}
