package dev.reprise.cluster.metadata;

import dev.reprise.cluster.membership.ClusterView;
import org.jspecify.annotations.Nullable;

/** What became of a {@link MetadataCommand}; the same on every replica. */
public sealed interface MetadataResult {
  /** The address was new. */
  record Created(Deployment deployment) implements MetadataResult {}

  /** The address was registered already; nothing changed. */
  record Existing(Deployment deployment) implements MetadataResult {}

  /** The address was registered already, and what it serves was replaced. */
  record Overwritten(Deployment deployment) implements MetadataResult {}

  /** The deployment was changed where it stands. */
  record Updated(Deployment deployment) implements MetadataResult {}

  /** The deployment is known no more. */
  record Removed(Deployment deployment) implements MetadataResult {}

  /** The service has these options now. */
  record Modified(ServiceRevision service) implements MetadataResult {}

  /** The cluster is described so now. */
  record Described(ClusterView view) implements MetadataResult {}

  /**
   * Nothing changed, because a rule forbids it.
   *
   * @param code the stable code of the rule, {@code META…}; null where it has none
   */
  record Rejected(Kind kind, @Nullable String code, String message) implements MetadataResult {
    /** What was wrong. */
    public enum Kind {
      /** It may not be as things stand. */
      CONFLICT,
      /** It may never be. */
      MISFIT,
      /** What it names is not there. */
      MISSING
    }
  }
}
