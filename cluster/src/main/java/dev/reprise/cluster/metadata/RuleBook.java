package dev.reprise.cluster.metadata;

import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.LimitRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All rules for limits, at one version. Immutable; any thread.
 *
 * @param version rises with each change; 0 before the first
 */
public record RuleBook(long version, SortedMap<LimitPattern, Rule> rules) {
  /** So many fit into one entry of a partition's log with room to spare. */
  public static final int MAX_RULES = 10_000;

  private static final Comparator<LimitPattern> ORDER =
      Comparator.comparing(LimitPattern::scope)
          .thenComparing(LimitPattern::first)
          .thenComparing(LimitPattern::second);

  public static final RuleBook EMPTY = new RuleBook(0, List.of());

  /**
   * One rule.
   *
   * @param limit 0 concurrency where it sets no limit
   * @param description for people; null when there is none
   * @param disabled kept, and not followed
   * @param version of this rule: rises when the limit or {@code disabled} changes
   * @param modifiedAtMillis when that was, by the clock of the node that was asked
   */
  public record Rule(
      LimitRule limit,
      @Nullable String description,
      boolean disabled,
      long version,
      long modifiedAtMillis) {
    public LimitPattern pattern() {
      return limit.pattern();
    }
  }

  public RuleBook {
    TreeMap<LimitPattern, Rule> ordered = new TreeMap<>(ORDER);
    ordered.putAll(rules);
    rules = Collections.unmodifiableSortedMap(ordered);
  }

  RuleBook(long version, List<Rule> rules) {
    this(version, byPattern(rules));
  }

  private static SortedMap<LimitPattern, Rule> byPattern(List<Rule> rules) {
    SortedMap<LimitPattern, Rule> map = new TreeMap<>(ORDER);
    rules.forEach(it -> map.put(it.pattern(), it));
    return map;
  }

  /** What partitions follow. */
  public LimitRules inForce() {
    List<LimitRule> limits = new ArrayList<>();
    for (Rule rule : rules.values()) {
      if (!rule.disabled()) {
        limits.add(rule.limit());
      }
    }
    return new LimitRules(version, limits);
  }
}
