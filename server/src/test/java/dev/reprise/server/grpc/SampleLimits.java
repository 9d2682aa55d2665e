package dev.reprise.server.grpc;

import dev.reprise.cluster.metadata.RuleBook;
import dev.reprise.server.operations.LimitLister;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A scope with one level below it, and a rule for that. */
final class SampleLimits implements LimitLister {
  private static final LimitRule RULE = new LimitRule(LimitPattern.parse("s/*"), 3);

  @Override
  public RuleBook rules() {
    var rules =
        new TreeMap<LimitPattern, RuleBook.Rule>((a, b) -> a.toString().compareTo(b.toString()));
    rules.put(RULE.pattern(), new RuleBook.Rule(RULE, "why", true, 7, 5));
    return new RuleBook(9, rules);
  }

  @Override
  public void usage(Predicate<Usage> levels) {
    boolean more = levels.test(new Usage(new LimitLevel("s", "", ""), 4, 0, null));
    if (more) {
      levels.test(new Usage(new LimitLevel("s", "a", ""), 3, 2, RULE));
    }
  }
}
