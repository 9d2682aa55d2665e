package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.LimitUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How many of a scope run at once. */
class LimitStoryTest extends StoryTest {
  private long version;

  /** The rules are these from now on, and the leader does what that asks of it. */
  private void limit(Map<String, Integer> limits) {
    List<LimitRule> rules = new ArrayList<>();
    new TreeMap<>(limits)
        .forEach((pattern, n) -> rules.add(new LimitRule(LimitPattern.parse(pattern), n)));
    partition.when(new Command.SetLimitRules(new LimitRules(++version, rules)));
    partition.emits("fill everywhere");
    Command owed = LimitChecks.owed(partition.view());
    if (owed != null) {
      partition.when(owed);
    }
  }

  private static Asked in(String name, String limitKey) {
    return Asked.plain(name).in("tenant", limitKey);
  }

  private Command ends(String name) {
    return partition.says(name, 9, Says.output("done"), Says.end());
  }

  private LimitUsage usage(String limitKey) {
    return partition.view().limitUsage(LimitLevel.of("tenant", limitKey).getLast());
  }

  @Test
  void beyondTheLimitOneWaitsAndRunsWhenAnotherEnds() {
    limit(Map.of("tenant", 1));
    partition.when(in("a", "")).emits("start a afresh");
    partition.when(in("b", "")).emitsNothing();
    assertThat(partition.statusOf("b")).isEqualTo("limited");
    partition.when(ends("a")).emits("ended a done", "start b");
    assertThat(usage("")).isEqualTo(new LimitUsage(1, 0));
  }

  @Test
  void thoseThatWaitRunInTheOrderInWhichTheyCame() {
    limit(Map.of("tenant", 1));
    partition.when(in("a", "").invoke(), in("b", "").invoke(), in("c", "").invoke());
    partition.when(ends("a")).emits("ended a done", "start b");
    partition.when(in("d", "")).emitsNothing();
    partition.when(ends("b")).emits("ended b done", "start c");
    partition.when(ends("c")).emits("ended c done", "start d");
    partition.when(ends("d")).emits("ended d done");
    assertThat(usage("")).isEqualTo(LimitUsage.NOTHING);
  }

  @Test
  void withoutALimitAndWithoutAScopeNothingWaits() {
    limit(Map.of("other", 1));
    partition.when(in("a", "").invoke(), in("b", "").invoke(), Asked.plain("p").invoke());
    partition.emits("start a afresh", "start b afresh", "start p afresh");
    assertThat(usage("")).isEqualTo(new LimitUsage(2, 0));
  }

  @Test
  void oneWithALimitKeyNeedsAPlaceAtEachOfItsLevels() {
    limit(Map.of("tenant", 3, "tenant/*", 2, "tenant/*/*", 1));
    partition.when(in("x1", "p/x").invoke(), in("x2", "p/x").invoke(), in("y", "p/y").invoke());
    partition.emits("start x1 afresh", "start y afresh");
    partition.when(in("z", "p/z").invoke(), in("q", "q").invoke(), in("r", "r").invoke());
    partition.emits("start q afresh");
    // Now x2 waits for p/x, z for p, and r for the scope.
    partition.when(ends("y")).emits("ended y done", "start z");
    partition.when(ends("x1")).emits("ended x1 done", "start x2");
    partition.when(ends("q")).emits("ended q done", "start r");
  }

  @Test
  void whoFindsAnotherLevelFullGoesOnWaitingThereAndKeepsItsTurn() {
    limit(Map.of("tenant", 1, "tenant/p", 1));
    partition.when(in("p1", "p").invoke(), in("p2", "p").invoke(), in("q", "q").invoke());
    partition.emits("start p1 afresh");
    // Both levels were full for p2; it came before q.
    partition.when(ends("p1")).emits("ended p1 done", "start p2");
    partition.when(ends("p2")).emits("ended p2 done", "start q");
  }

  @Test
  void aSuspendedInvocationHasNoPlaceAndWaitsForOneWhenItIsWoken() {
    limit(Map.of("tenant", 1));
    partition.when(in("a", "").invoke(), in("b", "").invoke());
    long due = partition.nowMillis() + 1_000;
    partition
        .when(partition.says("a", 1, Says.sleep(1, due), Says.suspended(1)))
        .emits("timer a at " + due, "start b");
    partition
        .after(Duration.ofSeconds(1))
        .when(new Command.FireTimers(List.of(new TimerKey(due, Asked.id("a"), 1))));
    partition.emitsNothing();
    assertThat(partition.statusOf("a")).isEqualTo("limited");
    partition.when(ends("b")).emits("ended b done", "start a");
  }

  @Test
  void aCallerThatSuspendsMakesRoomForItsCallee() {
    limit(Map.of("tenant", 1));
    partition.when(in("parent", ""));
    partition.when(
        partition.says(
            "parent",
            1,
            Says.call(
                1,
                0,
                in("child", "")
                    .answeredTo(
                        new Waiter(
                            PartitionStory.SELF,
                            Asked.id("parent"),
                            partition.incarnationOf("parent"),
                            2))
                    .make())));
    assertThat(partition.statusOf("child")).isEqualTo("limited");
    partition.when(partition.says("parent", 1, Says.suspended(2))).emits("start child");
    partition.when(ends("child")).emits("ended child done", "start parent");
  }

  @Test
  void oneThatWaitsAndIsCancelledOrKilledIsGone() {
    limit(Map.of("tenant", 1));
    partition.when(in("a", "").invoke(), in("b", "").invoke(), in("c", "").invoke());
    partition
        .when(new Command.Cancel(Asked.id("b"), new RequestId(1, 1)))
        .emits("ended b 409 canceled");
    partition.when(new Command.Kill(Asked.id("c"))).emits("ended c 409 killed");
    assertThat(usage("")).isEqualTo(new LimitUsage(1, 0));
    partition.when(new Command.Kill(Asked.id("a"))).emits("ended a 409 killed", "abort a");
    assertThat(usage("")).isEqualTo(LimitUsage.NOTHING);
  }

  @Test
  void oneThatHasRunBeforeIsToldOfACancelWhenItHasAPlace() {
    limit(Map.of("tenant", 1));
    partition.when(in("a", ""));
    partition.when(partition.says("a", 1, Says.paused("enough")));
    partition.when(in("b", "")).emits("start b afresh");
    partition.when(new Command.Resume(Asked.id("a"), null)).answers("done").emitsNothing();
    assertThat(partition.statusOf("a")).isEqualTo("limited");
    partition.when(new Command.Cancel(Asked.id("a"), new RequestId(1, 1))).emitsNothing();
    partition.when(ends("b")).emits("ended b done", "start a");
    assertThat(partition.journalOf("a")).contains("Signal*");
  }

  @Test
  void oneThatIsPausedWhileItWaitsLetsOthersGoFirst() {
    limit(Map.of("tenant", 1));
    partition.when(in("a", ""));
    partition.when(partition.says("a", 1, Says.paused("enough")));
    partition.when(in("b", "").invoke(), in("c", "").invoke());
    partition.when(new Command.Pause(Asked.id("c"))).emitsNothing();
    partition.when(new Command.Resume(Asked.id("a"), null));
    partition.when(new Command.Pause(Asked.id("a"))).answers("done");
    assertThat(partition.statusOf("a")).isEqualTo("paused");
    partition.when(ends("b")).emits("ended b done", "start c");
  }

  @Test
  void aHigherLimitLetsMoreRunAndALowerOneSendsNobodyAway() {
    limit(Map.of("tenant", 1));
    partition.when(in("a", "").invoke(), in("b", "").invoke(), in("c", "").invoke());
    limit(Map.of("tenant", 2));
    partition.emits("start b");
    limit(Map.of("tenant", 1));
    partition.when(ends("a")).emits("ended a done");
    partition.when(ends("b")).emits("ended b done", "start c");
  }

  @Test
  void rulesAreNeverReplacedByOlderOnes() {
    limit(Map.of("tenant", 1));
    LimitRules known = partition.view().limitRules();
    partition.when(new Command.SetLimitRules(new LimitRules(known.version(), List.of())));
    partition.answers("done").emitsNothing();
    assertThat(partition.view().limitRules()).isEqualTo(known);
  }

  @Test
  void whatRanBeforeThereWasARuleCountsAsWell() {
    partition.when(in("a", "").invoke(), in("b", "").invoke());
    limit(Map.of("tenant", 2));
    partition.when(in("c", "")).emitsNothing();
    partition.when(ends("a")).emits("ended a done", "start c");
  }

  @Test
  void whatOneCommandDoesNotComeToIsLeftToTheLeader() {
    limit(Map.of("tenant", 1));
    List<Command> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(in("n" + i, "").invoke());
    }
    partition.when(many.toArray(Command[]::new));
    partition.when(new Command.SetLimitRules(new LimitRules(++version, List.of())));
    // A newcomer does not overtake those that the leader has not come to.
    partition.when(in("late", "")).emitsNothing();
    partition.when(new Command.FillLimits(List.of(LimitLevel.of("tenant", "").getLast())));
    assertThat(usage("").running()).isEqualTo(1 + 64);
    partition.when(new Command.FillLimits(List.of(LimitLevel.of("tenant", "").getLast())));
    assertThat(usage("")).isEqualTo(new LimitUsage(101, 0));
  }

  @Test
  void workflowsOfOneKeyInTwoScopesAreTwo() {
    Asked here = Asked.workflow("w").in("tenant", "");
    partition.when(here).emits("start w afresh");
    partition.when(partition.says("w", 1, Says.completePromise(1, "approved", "yes")));
    try (var promises = partition.view().promises(here.target().object())) {
      assertThat(promises.next()).isTrue();
    }
    try (var promises = partition.view().promises(Asked.workflow("w").target().object())) {
      assertThat(promises.next()).isFalse();
    }
  }
}
