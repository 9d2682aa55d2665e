package dev.reprise.cluster.metadata;

/** What became of a {@link MetadataCommand}; the same on every replica. */
public sealed interface MetadataResult {
  /** The address was new. */
  record Created(Deployment deployment) implements MetadataResult {}

  /** The address was registered already; nothing changed. */
  record Existing(Deployment deployment) implements MetadataResult {}

  /** The address was registered already, and what it serves was replaced. */
  record Overwritten(Deployment deployment) implements MetadataResult {}

  /**
   * Nothing changed, because a rule forbids it.
   *
   * @param code the stable code of the rule, {@code META…}
   */
  record Rejected(String code, String message) implements MetadataResult {}
}
