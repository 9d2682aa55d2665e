package dev.reprise.chaos.fault;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Eventually.pause;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Kills the node that leads most, again and again; each time the others have it for a while. */
public final class LeaderKills implements Course {
  /** Long enough to see that the others serve without it. */
  private static final Duration HOLDS = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Targets targets;
  private final int kills;
  private final SplittableRandom random;
  private final LongSupplier clock;
  private final List<Strike> strikes = new ArrayList<>();

  /**
   * Kills so many leaders.
   *
   * @param clock nanoseconds since the history began
   */
  public LeaderKills(Targets targets, int kills, SplittableRandom random, LongSupplier clock) {
    this.targets = targets;
    this.kills = kills;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public List<Strike> strikes() {
    return List.copyOf(strikes);
  }

  @Override
  public void blow() {
    for (int i = 0; i < kills; i++) {
      pause(Duration.ofMillis(random.nextInt(1_000, 3_000)));
      int leader = eventually(PATIENCE, this::leader);
      long begin = clock.getAsLong();
      targets.cluster().kill(leader);
      pause(HOLDS);
      targets.cluster().start(leader);
      strikes.add(
          new Strike(
              "kill leader", "kill -9 of the leader", List.of(leader), begin, clock.getAsLong()));
      targets.awaitCalm();
    }
  }

  private int leader() {
    int leader = targets.cluster().leader(LOOK);
    if (leader < 0) {
      throw new AssertionError("Expected a leader, but nobody says who leads");
    }
    return leader;
  }
}
