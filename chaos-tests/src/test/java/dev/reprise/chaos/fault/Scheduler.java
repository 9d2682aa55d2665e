package dev.reprise.chaos.fault;

import static dev.reprise.chaos.rig.Eventually.pause;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Does faults to a cluster, round after round, chosen by a seed: one alone, or some that overlap.
 * After each round all is well again, and the nodes get time to say so. The same seed makes the
 * same choices; what they meet is another matter. One thread.
 */
public final class Scheduler implements Course {
  private static final int MOST_AT_ONCE = 3;
  private final Targets targets;
  private final List<Fault> faults;
  private final SplittableRandom random;
  private final LongSupplier clock;
  private final Times times;
  private final List<Strike> strikes = new ArrayList<>();

  /** Shuffled, so that each comes once before any comes twice. */
  private final Deque<Fault> deck = new ArrayDeque<>();

  /**
   * When rounds begin, and how long faults hold.
   *
   * @param duration for which further rounds begin
   * @param shortest that a fault holds
   * @param longest that it does
   */
  public record Times(Duration duration, Duration shortest, Duration longest) {
    /** Of a storm: short enough to be many, long enough for elections. */
    public static Times storm(Duration duration) {
      return new Times(duration, Duration.ofMillis(200), Duration.ofSeconds(5));
    }
  }

  private record Due(long at, Runnable what) {}

  /**
   * Chooses among these faults, as far as they can be done to this cluster.
   *
   * @param clock nanoseconds since the history began
   */
  public Scheduler(
      Targets targets,
      List<Fault> faults,
      Times times,
      SplittableRandom random,
      LongSupplier clock) {
    this.targets = targets;
    this.faults = faults.stream().filter(it -> it.possible(targets.cluster())).toList();
    this.times = times;
    this.random = random;
    this.clock = clock;
    if (this.faults.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected a fault that can be done to this cluster, but of " + faults + " none can");
    }
  }

  @Override
  public List<Strike> strikes() {
    return List.copyOf(strikes);
  }

  @Override
  public void blow() {
    long end = clock.getAsLong() + times.duration().toNanos();
    while (clock.getAsLong() < end) {
      pause(Duration.ofMillis(random.nextInt(500, 2_500)));
      round();
      targets.awaitCalm();
    }
  }

  private void round() {
    Fault first = draw();
    List<Fault> chosen = new ArrayList<>(List.of(first));
    // Every other round is of one fault, so that each is also seen alone.
    int more = first.alone() || random.nextBoolean() ? 0 : random.nextInt(1, MOST_AT_ONCE);
    for (int i = 0; i < more; i++) {
      Fault next = draw();
      if (next.alone() || chosen.contains(next)) {
        deck.addLast(next);
      } else {
        chosen.add(next);
      }
    }
    PriorityQueue<Due> due =
        new PriorityQueue<>((one, other) -> Long.compare(one.at(), other.at()));
    long now = clock.getAsLong();
    for (Fault fault : chosen) {
      long begin = now + (chosen.size() == 1 ? 0 : random.nextLong(times.longest().toNanos() / 2));
      long holds = random.nextLong(times.shortest().toNanos(), times.longest().toNanos());
      SplittableRandom own = random.split();
      due.add(new Due(begin, () -> begin(fault, holds, own, due)));
    }
    while (!due.isEmpty()) {
      Due next = due.remove();
      long wait = next.at() - clock.getAsLong();
      if (wait > 0) {
        pause(Duration.ofNanos(wait));
      }
      next.what().run();
    }
  }

  private Fault draw() {
    if (deck.isEmpty()) {
      List<Fault> all = new ArrayList<>(faults);
      while (!all.isEmpty()) {
        deck.add(all.remove(random.nextInt(all.size())));
      }
    }
    return deck.removeFirst();
  }

  private void begin(Fault fault, long holds, SplittableRandom own, PriorityQueue<Due> due) {
    long begin = clock.getAsLong();
    Fault.Begun begun = fault.begin(targets, own);
    due.add(
        new Due(
            clock.getAsLong() + holds,
            () -> {
              begun.end().run();
              targets.giveBack(begun.nodes());
              // Other faults may have had all nodes.
              if (!begun.nodes().isEmpty() || fault == Fault.CRASH_ENDPOINT) {
                strikes.add(
                    new Strike(
                        fault.title(), begun.detail(), begun.nodes(), begin, clock.getAsLong()));
              }
            }));
  }
}
