package dev.reprise.chaos.fault;

import static dev.reprise.chaos.rig.Eventually.pause;

import dev.reprise.chaos.rig.Cluster;
import dev.reprise.chaos.rig.Shim;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Each thing that is done to a cluster for a while. */
public enum Fault {
  KILL(1, Kind.PROCESS) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      return down(targets, targets.take(1, false, random), "kill -9");
    }
  },
  KILL_LEADER(2, Kind.PROCESS) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      return down(targets, targets.take(1, true, random), "kill -9 of the leader");
    }
  },
  KILL_MAJORITY(3, Kind.PROCESS) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      int most = targets.cluster().size() / 2 + 1;
      return down(targets, targets.take(most, true, random), "kill -9 of a majority");
    }
  },
  KILL_ALL(2, Kind.PROCESS) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      List<Integer> all = targets.take(targets.cluster().size(), false, random);
      return down(targets, all, "kill -9 of all");
    }
  },
  STOP(1, Kind.PROCESS) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      List<Integer> nodes = targets.take(1, false, random);
      nodes.forEach(targets.cluster()::stop);
      return new Begun("stopped in order", nodes, () -> nodes.forEach(targets.cluster()::start));
    }
  },
  PAUSE(1, Kind.PROCESS) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      return paused(targets, targets.take(1, false, random), "SIGSTOP");
    }
  },
  PAUSE_LEADER(2, Kind.PROCESS) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      return paused(targets, targets.take(1, true, random), "SIGSTOP of the leader");
    }
  },
  CRASH_ENDPOINT(1, Kind.PROCESS) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      targets.services().kill();
      return new Begun("kill -9 of the service endpoint", List.of(), targets.services()::restart);
    }
  },
  ISOLATE_LEADER(2, Kind.LINK) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      return isolated(targets, targets.take(1, true, random), true, true);
    }
  },
  ISOLATE(2, Kind.LINK) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      return isolated(targets, targets.take(1, false, random), true, true);
    }
  },
  DEAF(2, Kind.LINK) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      return isolated(targets, targets.take(1, true, random), false, true);
    }
  },
  MUTE(2, Kind.LINK) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      return isolated(targets, targets.take(1, true, random), true, false);
    }
  },
  SLOW_LINKS(2, Kind.LINK) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      Duration by = Duration.ofMillis(10 + random.nextInt(200));
      forEachPair(targets.cluster(), (from, to) -> targets.cluster().links().delay(from, to, by));
      String detail = "every link is slower by " + by.toMillis() + " ms";
      return new Begun(detail, all(targets.cluster()), targets.cluster().links()::heal);
    }
  },
  RESET_LINKS(2, Kind.LINK) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      forEachPair(targets.cluster(), targets.cluster().links()::reset);
      return new Begun("all connections reset", all(targets.cluster()), () -> {});
    }
  },
  SLOW_DISK(1, Kind.SHIM) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      Duration by = Duration.ofMillis(20 + random.nextInt(300));
      int node = targets.any(true, random);
      Shim shim = targets.cluster().shim(node);
      shim.slowSync(by);
      String detail = "each sync takes " + by.toMillis() + " ms longer";
      return new Begun(detail, List.of(node), () -> shim.slowSync(Duration.ZERO));
    }
  },
  CRASH_OF_SLOW_DISK(1, Kind.SHIM) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      List<Integer> nodes = targets.take(1, true, random);
      nodes.forEach(it -> targets.cluster().shim(it).slowWrite(VERY_SLOW));
      pause(Duration.ofMillis(random.nextInt(4_000, 6_000)));
      nodes.forEach(targets.cluster()::kill);
      nodes.forEach(it -> targets.cluster().shim(it).slowWrite(Duration.ZERO));
      return new Begun(
          "kill -9 while each write takes longer",
          nodes,
          () -> nodes.forEach(targets.cluster()::start));
    }
  },
  FAILING_SYNC(1, Kind.SHIM) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      List<Integer> nodes = targets.take(1, true, random);
      nodes.forEach(it -> targets.cluster().shim(it).failSync(Shim.INPUT_OUTPUT_ERROR));
      return shimmed(targets, "each sync fails", nodes);
    }
  },
  FULL_DISK(1, Kind.SHIM) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      List<Integer> nodes = targets.take(1, true, random);
      nodes.forEach(it -> targets.cluster().shim(it).failWrite(Shim.NO_SPACE_LEFT));
      return shimmed(targets, "no space left", nodes);
    }
  },
  CLOCK_JUMP(1, Kind.SHIM) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      Duration by = Duration.ofMillis(random.nextInt(-8_000, 8_000));
      int node = targets.any(false, random);
      Shim shim = targets.cluster().shim(node);
      shim.shiftClock(by);
      String detail = "the clock jumps by " + by.toMillis() + " ms";
      return new Begun(detail, List.of(node), () -> shim.shiftClock(Duration.ZERO));
    }
  },
  WIPE(3, Kind.ALONE) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      List<Integer> nodes = targets.take(1, false, random);
      nodes.forEach(targets.cluster()::kill);
      nodes.forEach(targets.cluster()::wipe);
      return new Begun("kill -9, disk wiped", nodes, () -> nodes.forEach(targets.cluster()::start));
    }
  },
  ROLLING_RESTART(1, Kind.ALONE) {
    @Override
    Begun begin(Targets targets, SplittableRandom random) {
      Cluster cluster = targets.cluster();
      for (int node = 0; node < cluster.size(); node++) {
        cluster.stop(node);
        cluster.start(node);
        cluster.awaitServing(node);
      }
      return new Begun("each node restarted in turn", all(cluster), () -> {});
    }
  };

  private static final Duration VERY_SLOW = Duration.ofSeconds(1);

  private final int leastNodes;
  private final Kind kind;

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
  private interface Pair {
    void visit(int from, int to);
  }

  Fault(int leastNodes, Kind kind) {
    this.leastNodes = leastNodes;
    this.kind = kind;
  }

  /** Whether it can be done to this cluster. */
  public boolean possible(Cluster cluster) {
    return cluster.size() >= leastNodes
        && (kind != Kind.LINK || cluster.links().exist())
        && (kind != Kind.SHIM || cluster.shim(0).exists());
  }

  boolean alone() {
    return kind == Kind.ALONE;
  }

  /** Does it. */
  abstract Begun begin(Targets targets, SplittableRandom random);

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
