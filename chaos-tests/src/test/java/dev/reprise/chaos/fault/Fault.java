package dev.reprise.chaos.fault;

import static dev.reprise.chaos.rig.Eventually.pause;

import dev.reprise.chaos.rig.Cluster;
import dev.reprise.chaos.rig.Shim;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Each thing that is done to a cluster for a while. */
public enum Fault {
  KILL(1, Kind.PROCESS, (on, random) -> down(on, on.take(1, false, random), "kill -9")),
  KILL_LEADER(
      2, Kind.PROCESS, (on, random) -> down(on, on.take(1, true, random), "kill -9 of the leader")),
  KILL_MAJORITY(
      3,
      Kind.PROCESS,
      (on, random) ->
          down(on, on.take(on.cluster().size() / 2 + 1, true, random), "kill -9 of a majority")),
  KILL_ALL(
      2,
      Kind.PROCESS,
      (on, random) -> down(on, on.take(on.cluster().size(), false, random), "kill -9 of all")),
  STOP(
      1,
      Kind.PROCESS,
      (on, random) -> {
        List<Integer> nodes = on.take(1, false, random);
        nodes.forEach(on.cluster()::stop);
        return new Begun("stopped in order", nodes, () -> nodes.forEach(on.cluster()::start));
      }),
  PAUSE(1, Kind.PROCESS, (on, random) -> paused(on, on.take(1, false, random), "SIGSTOP")),
  PAUSE_LEADER(
      2,
      Kind.PROCESS,
      (on, random) -> paused(on, on.take(1, true, random), "SIGSTOP of the leader")),
  CRASH_ENDPOINT(
      1,
      Kind.PROCESS,
      (on, random) -> {
        on.services().kill();
        return new Begun("kill -9 of the service endpoint", List.of(), on.services()::restart);
      }),
  ISOLATE_LEADER(2, Kind.LINK, (on, random) -> isolated(on, on.take(1, true, random), true, true)),
  ISOLATE(2, Kind.LINK, (on, random) -> isolated(on, on.take(1, false, random), true, true)),
  DEAF(2, Kind.LINK, (on, random) -> isolated(on, on.take(1, true, random), false, true)),
  MUTE(2, Kind.LINK, (on, random) -> isolated(on, on.take(1, true, random), true, false)),
  CUT_ONE_LINK(
      3,
      Kind.LINK,
      (on, random) -> {
        List<Integer> nodes = on.take(2, true, random);
        for (int one : nodes) {
          nodes.stream()
              .filter(it -> it != one)
              .forEach(other -> on.cluster().links().cut(one, other));
        }
        return new Begun("cut off from each other", nodes, on.cluster().links()::heal);
      }),
  CUT_ALL_LINKS(
      2,
      Kind.LINK,
      (on, random) -> {
        forEachPair(on.cluster(), on.cluster().links()::cut);
        return new Begun(
            "every node cut off from every other", all(on.cluster()), on.cluster().links()::heal);
      }),
  SLOW_LINKS(
      2,
      Kind.LINK,
      (on, random) -> {
        Duration by = Duration.ofMillis(10 + random.nextInt(200));
        forEachPair(on.cluster(), (from, to) -> on.cluster().links().delay(from, to, by));
        String detail = "every link is slower by " + by.toMillis() + " ms";
        return new Begun(detail, all(on.cluster()), on.cluster().links()::heal);
      }),
  RESET_LINKS(
      2,
      Kind.LINK,
      (on, random) -> {
        forEachPair(on.cluster(), on.cluster().links()::reset);
        return new Begun("all connections reset", all(on.cluster()), () -> {});
      }),
  SLOW_DISK(
      1,
      Kind.SHIM,
      (on, random) -> {
        Duration by = Duration.ofMillis(20 + random.nextInt(300));
        int node = on.any(true, random);
        Shim shim = on.cluster().shim(node);
        shim.slowSync(by);
        String detail = "each sync takes " + by.toMillis() + " ms longer";
        return new Begun(detail, List.of(node), () -> shim.slowSync(Duration.ZERO));
      }),
  CRASH_OF_SLOW_DISK(
      1,
      Kind.SHIM,
      (on, random) -> {
        List<Integer> nodes = on.take(1, true, random);
        Duration verySlow = Duration.ofSeconds(1);
        nodes.forEach(it -> on.cluster().shim(it).slowWrite(verySlow));
        pause(Duration.ofMillis(random.nextInt(4_000, 6_000)));
        nodes.forEach(on.cluster()::kill);
        nodes.forEach(it -> on.cluster().shim(it).slowWrite(Duration.ZERO));
        return new Begun(
            "kill -9 while each write takes longer",
            nodes,
            () -> nodes.forEach(on.cluster()::start));
      }),
  FAILING_SYNC(
      1,
      Kind.SHIM,
      (on, random) -> {
        List<Integer> nodes = on.take(1, true, random);
        nodes.forEach(it -> on.cluster().shim(it).failSync(Shim.INPUT_OUTPUT_ERROR));
        return shimmed(on, "each sync fails", nodes);
      }),
  FULL_DISK(
      1,
      Kind.SHIM,
      (on, random) -> {
        List<Integer> nodes = on.take(1, true, random);
        nodes.forEach(it -> on.cluster().shim(it).failWrite(Shim.NO_SPACE_LEFT));
        return shimmed(on, "no space left", nodes);
      }),
  CLOCK_JUMP(
      1,
      Kind.SHIM,
      (on, random) -> {
        Duration by = Duration.ofMillis(random.nextInt(-8_000, 8_000));
        int node = on.any(false, random);
        Shim shim = on.cluster().shim(node);
        shim.shiftClock(by);
        String detail = "the clock jumps by " + by.toMillis() + " ms";
        return new Begun(detail, List.of(node), () -> shim.shiftClock(Duration.ZERO));
      }),
  WIPE(
      3,
      Kind.ALONE,
      (on, random) -> {
        List<Integer> nodes = on.take(1, false, random);
        nodes.forEach(on.cluster()::kill);
        nodes.forEach(on.cluster()::wipe);
        return new Begun("kill -9, disk wiped", nodes, () -> nodes.forEach(on.cluster()::start));
      }),
  ROT(
      3,
      Kind.ALONE,
      (on, random) -> {
        List<Integer> nodes = on.take(1, false, random);
        nodes.forEach(on.cluster()::kill);
        StringBuilder detail = new StringBuilder("kill -9");
        nodes.forEach(it -> detail.append(", ").append(on.cluster().rot(it, random)));
        return new Begun(detail.toString(), nodes, () -> nodes.forEach(on.cluster()::start));
      }),
  ROLLING_RESTART(
      1,
      Kind.ALONE,
      (on, random) -> {
        for (int node : all(on.cluster())) {
          on.cluster().stop(node);
          on.cluster().start(node);
          on.cluster().awaitServing(node);
        }
        return new Begun("each node restarted in turn", all(on.cluster()), () -> {});
      });

  private final int leastNodes;
  private final Kind kind;

  /** None of them remembers anything. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final Doing doing;

  /** What it needs. */
  enum Kind {
    PROCESS,
    /** Something between the nodes that can be cut. */
    LINK,
    /** A shim before disk and clock. */
    SHIM,
    /** No other fault beside it. */
    ALONE
  }

  /**
   * A fault that has begun.
   *
   * @param nodes that it touches
   * @param end undoes it
   */
  record Begun(String detail, List<Integer> nodes, Runnable end) {}

  @FunctionalInterface
  private interface Doing {
    Begun begin(Targets on, SplittableRandom random);
  }

  @FunctionalInterface
  private interface Pair {
    void visit(int from, int to);
  }

  Fault(int leastNodes, Kind kind, Doing doing) {
    this.leastNodes = leastNodes;
    this.kind = kind;
    this.doing = doing;
  }

  /** Whether it can be done to this cluster. */
  public boolean possible(Cluster cluster) {
    return cluster.size() >= leastNodes
        && (kind != Kind.LINK || cluster.links().exist())
        && (kind != Kind.SHIM || cluster.shim(0).exists());
  }

  /** Its name, for people. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  boolean alone() {
    return kind == Kind.ALONE;
  }

  /** Does it. */
  Begun begin(Targets targets, SplittableRandom random) {
    return doing.begin(targets, random);
  }

  private static Begun down(Targets targets, List<Integer> nodes, String detail) {
    nodes.forEach(targets.cluster()::kill);
    return new Begun(detail, nodes, () -> nodes.forEach(targets.cluster()::start));
  }

  private static Begun paused(Targets targets, List<Integer> nodes, String detail) {
    nodes.forEach(targets.cluster()::pause);
    return new Begun(detail, nodes, () -> nodes.forEach(targets.cluster()::resume));
  }

  private static Begun shimmed(Targets targets, String detail, List<Integer> nodes) {
    return new Begun(detail, nodes, () -> nodes.forEach(it -> cure(targets.cluster().shim(it))));
  }

  private static void cure(Shim shim) {
    shim.failSync(0);
    shim.failWrite(0);
  }

  private static Begun isolated(Targets targets, List<Integer> nodes, boolean out, boolean in) {
    Cluster cluster = targets.cluster();
    for (int node : nodes) {
      for (int other : all(cluster)) {
        if (other != node && out) {
          cluster.links().cut(node, other);
        }
        if (other != node && in) {
          cluster.links().cut(other, node);
        }
      }
    }
    String detail = out && in ? "cut off" : out ? "heard by nobody" : "hears nobody";
    return new Begun(detail, nodes, cluster.links()::heal);
  }

  private static List<Integer> all(Cluster cluster) {
    return IntStream.range(0, cluster.size()).boxed().toList();
  }

  private static void forEachPair(Cluster cluster, Pair pair) {
    for (int from : all(cluster)) {
      for (int to : all(cluster)) {
        if (from != to) {
          pair.visit(from, to);
        }
      }
    }
  }
}
