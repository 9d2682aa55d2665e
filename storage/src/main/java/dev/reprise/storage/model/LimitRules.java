package dev.reprise.storage.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force, at one version. Of the patterns that a level fits, the one that names the
 * scope counts before one that does not; of equals, the one that names the first name; then the
 * second. Immutable; any thread.
 */
public final class LimitRules {
  public static final LimitRules NONE = new LimitRules(0, List.of());

  private final long version;
  private final List<LimitRule> rules;
  private final Map<LimitPattern, LimitRule> byPattern = new HashMap<>();

  /**
   * @param version rises with each change
   * @param rules no two with the same pattern
   */
  public LimitRules(long version, List<LimitRule> rules) {
    this.version = version;
    this.rules = List.copyOf(rules);
    for (LimitRule rule : this.rules) {
      if (byPattern.put(rule.pattern(), rule) != null) {
        throw new IllegalArgumentException(
            "Expected one rule for " + rule.pattern() + ", but got two");
      }
    }
  }

  public long version() {
    return version;
  }

  public List<LimitRule> rules() {
    return rules;
  }

  /** The rule that counts at a level, null where there is none. At most eight lookups. */
  public @Nullable LimitRule at(LimitLevel level) {
    if (rules.isEmpty()) {
      return null;
    }
    int depth = level.depth();
    for (int named = (2 << depth) - 1; named >= 0; named--) {
      // The highest bit is the scope's: the more of a level a pattern names, the sooner it is met.
      LimitRule rule =
          byPattern.get(
              new LimitPattern(
                  part(level.scope(), named >> depth),
                  depth < 1 ? "" : part(level.first(), named >> (depth - 1)),
                  depth < 2 ? "" : part(level.second(), named)));
      if (rule != null) {
        return rule;
      }
    }
    return null;
  }

  private static String part(String name, int named) {
    return (named & 1) == 1 ? name : LimitPattern.ANY;
  }

  /** How many may run at once at this level: {@link Long#MAX_VALUE} where nothing limits it. */
  public long limitAt(LimitLevel level) {
    LimitRule rule = at(level);
    return rule == null || rule.concurrency() == 0 ? Long.MAX_VALUE : rule.concurrency();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LimitRules it && it.version == version && it.rules.equals(rules);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(version) + rules.hashCode();
  }

  @Override
  public String toString() {
    return "version " + version + ": " + rules;
  }
}
