package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.LimitUsage;
import dev.reprise.storage.table.TablesView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold of limits in the tables of one partition, whatever happened. */
public final class LimitChecks {
  private final TablesView tables;

  /** What was there after the entry before. */
  private Map<LimitLevel, LimitUsage> before = new HashMap<>();

  private LimitRules rulesBefore = LimitRules.NONE;

  public LimitChecks(TablesView tables) {
    this.tables = tables;
  }

  /**
   * After every entry: ⑬ nobody was let in beyond a limit. Where a limit was lowered, those that
   * run go on; where it changed within the entry, the higher one counts.
   */
  public void after() {
    Map<LimitLevel, LimitUsage> now = usages();
    LimitRules rules = tables.limitRules();
    now.forEach(
        (level, usage) -> {
          int ran = before.getOrDefault(level, LimitUsage.NOTHING).running();
          long limit = Math.max(rules.limitAt(level), rulesBefore.limitAt(level));
          expect(
              usage.running() <= Math.max(ran, limit),
              "at most " + limit + " to run at " + level + ", but " + usage.running() + " do");
        });
    before = now;
    rulesBefore = rules;
  }

  /** Now and then: ⑭ what is counted is what is there. */
  public void look() {
    Map<LimitLevel, LimitUsage> counted = new HashMap<>();
    Map<Keys.LimitPlace, Invocation> waiting = new HashMap<>();
    try (var scan = tables.invocations()) {
      while (scan.next()) {
        count(scan.value(), counted, waiting);
      }
    }
    expect(counted.equals(usages()), counted + " to be counted, but it is " + usages());
    try (var scan = tables.limitQueue()) {
      while (scan.next()) {
        Invocation found = waiting.remove(scan.key());
        expect(
            found != null && found.id().equals(scan.value()),
            scan.key() + " to be somebody's who waits, but it is not");
      }
    }
    expect(waiting.isEmpty(), "a place for whoever waits, but none has " + waiting.values());
  }

  private static void count(
      Invocation invocation,
      Map<LimitLevel, LimitUsage> counted,
      Map<Keys.LimitPlace, Invocation> waiting) {
    if (!invocation.target().scoped()) {
      expect(!(invocation.status() instanceof Status.Limited), "no limits without a scope");
      return;
    }
    List<LimitLevel> levels =
        LimitLevel.of(invocation.target().scope(), invocation.creation().limitKey());
    if (invocation.status() instanceof Status.Invoked) {
      levels.forEach(level -> counted.merge(level, new LimitUsage(1, 0), LimitChecks::sum));
    } else if (invocation.status() instanceof Status.Limited limited) {
      LimitLevel level = levels.get(limited.depth());
      counted.merge(level, new LimitUsage(0, 1), LimitChecks::sum);
      waiting.put(new Keys.LimitPlace(level, limited.place()), invocation);
    }
  }

  private static LimitUsage sum(LimitUsage a, LimitUsage b) {
    return new LimitUsage(a.running() + b.running(), a.waiting() + b.waiting());
  }

  /** When the leader has nothing left to do: ⑮ nobody waits beside a free place. */
  public static void nobodyWaitsBesideAFreePlace(TablesView tables) {
    expect(
        owed(tables) == null, "nobody to wait beside a free place, but there is " + owed(tables));
  }

  /** What a leader would have to ask for now; null when every wait has its reason. */
  public static Command.@Nullable FillLimits owed(TablesView tables) {
    LimitRules rules = tables.limitRules();
    List<LimitLevel> free = new ArrayList<>();
    new LimitChecks(tables)
        .usages()
        .forEach(
            (level, usage) -> {
              if (usage.waiting() > 0 && usage.running() < rules.limitAt(level)) {
                free.add(level);
              }
            });
    return free.isEmpty() ? null : new Command.FillLimits(free);
  }

  private Map<LimitLevel, LimitUsage> usages() {
    Map<LimitLevel, LimitUsage> found = new HashMap<>();
    try (var scan = tables.limitUsages()) {
      while (scan.next()) {
        found.put(scan.key(), scan.value());
      }
    }
    return found;
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("Expected " + what);
    }
  }
}
