package dev.reprise.cluster.metadata;

import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.storage.model.LimitPattern;
import java.util.List;
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

  /** Nothing changed; what was acknowledged before is known here. */
  record CaughtUp() implements MetadataResult {}

  /** These are the rules for limits that were asked for, in that order. */
  record RulesPut(List<RuleBook.Rule> rules) implements MetadataResult {
    public RulesPut {
      rules = List.copyOf(rules);
    }
  }

  /** Of the rules for limits that were to go, these were there. */
  record RulesDeleted(List<LimitPattern> patterns) implements MetadataResult {
    public RulesDeleted {
      patterns = List.copyOf(patterns);
    }
  }

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
