package dev.reprise.storage.table;

/**
 * Which meaning log entries have. A changed rule must not change what old entries mean: it counts
 * from where a partition's log says that the version is raised, and that is said once every node of
 * the cluster knows it.
 */
public final class RuleVersion {
  /** Every partition begins with it. */
  public static final int FIRST = 1;

  private RuleVersion() {}

  /** The newest that this build knows. */
  public static int newest() {
    return 1;
  }
}
