package dev.reprise.cluster.metadata;

import dev.reprise.cluster.metadata.MetadataCommand.DeleteRules;
import dev.reprise.cluster.metadata.MetadataCommand.Expectation;
import dev.reprise.cluster.metadata.MetadataCommand.PutRules;
import dev.reprise.cluster.metadata.MetadataCommand.RuleDraft;
import dev.reprise.cluster.metadata.MetadataCommand.RuleRemoval;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.RuleBook.Rule;
import dev.reprise.storage.model.LimitPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How the rule book changes: a batch as a whole, or not at all. */
final class RuleChanges {
  private RuleChanges() {}

  static MetadataMachine.Step put(Registry registry, PutRules command) {
    RuleBook book = registry.rules();
    SortedMap<LimitPattern, Rule> rules = new TreeMap<>(book.rules());
    for (RuleDraft draft : command.drafts()) {
      LimitPattern pattern = draft.limit().pattern();
      Rule now = rules.get(pattern);
      Rejected refusal = unexpected(pattern, now, draft.expectation());
      if (refusal != null) {
        return unchanged(registry, refusal);
      }
      rules.put(pattern, changed(now, draft, book.version() + 1, command.nowMillis()));
    }
    if (rules.size() > RuleBook.MAX_RULES) {
      return unchanged(
          registry,
          new Rejected(
              Rejected.Kind.MISFIT,
              null,
              "Expected at most "
                  + RuleBook.MAX_RULES
                  + " rules, but there would be "
                  + rules.size()));
    }
    List<Rule> answer = new ArrayList<>();
    command.drafts().forEach(it -> answer.add(rules.get(it.limit().pattern())));
    return step(registry, rules, new MetadataResult.RulesPut(answer));
  }

  private static Rule changed(
      @Nullable Rule now, RuleDraft draft, long bookVersion, long nowMillis) {
    if (now == null) {
      return new Rule(draft.limit(), draft.description(), draft.disabled(), bookVersion, nowMillis);
    }
    boolean same = now.limit().equals(draft.limit()) && now.disabled() == draft.disabled();
    return new Rule(
        draft.limit(),
        draft.description(),
        draft.disabled(),
        same ? now.version() : now.version() + 1,
        same ? now.modifiedAtMillis() : nowMillis);
  }

  static MetadataMachine.Step delete(Registry registry, DeleteRules command) {
    SortedMap<LimitPattern, Rule> rules = new TreeMap<>(registry.rules().rules());
    List<LimitPattern> removed = new ArrayList<>();
    for (RuleRemoval removal : command.removals()) {
      Rule now = rules.get(removal.pattern());
      Rejected refusal = unexpected(removal.pattern(), now, removal.expectation());
      if (refusal != null) {
        return unchanged(registry, refusal);
      }
      if (now != null) {
        rules.remove(removal.pattern());
        removed.add(removal.pattern());
      }
    }
    return step(registry, rules, new MetadataResult.RulesDeleted(removed));
  }

  private static @Nullable Rejected unexpected(
      LimitPattern pattern, @Nullable Rule now, Expectation expectation) {
    boolean holds =
        switch (expectation) {
          case Expectation.Anything anything -> true;
          case Expectation.Absent absent -> now == null;
          case Expectation.Version version -> now != null && now.version() == version.version();
        };
    return holds
        ? null
        : new Rejected(
            Rejected.Kind.CONFLICT,
            null,
            "Expected "
                + expectation.words()
                + " for pattern "
                + pattern
                + ", but "
                + (now == null ? "there is none" : "it has version " + now.version()));
  }

  private static MetadataMachine.Step unchanged(Registry registry, MetadataResult result) {
    return new MetadataMachine.Step(registry, result, null, null);
  }

  private static MetadataMachine.Step step(
      Registry registry, SortedMap<LimitPattern, Rule> rules, MetadataResult result) {
    if (rules.equals(registry.rules().rules())) {
      return unchanged(registry, result);
    }
    RuleBook next = new RuleBook(registry.rules().version() + 1, rules);
    return unchanged(registry.with(registry.version() + 1, next), result);
  }
}
