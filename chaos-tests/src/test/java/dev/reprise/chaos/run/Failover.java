package dev.reprise.chaos.run;

import dev.reprise.chaos.fault.Strike;
import dev.reprise.chaos.history.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long the leader's death was felt: of each kill, in order. */
public final class Failover {
  private final List<Kill> kills;

  /**
   * One of them.
   *
   * @param node that was killed, from 0
   * @param servedMillis from the kill until each part of the key space had answered a call that
   *     began after it
   * @param longestMillis the longest that any client waited for an answer, of those who were
   *     waiting while the node was dead
   */
  public record Kill(int node, long servedMillis, long longestMillis) {}

  private Failover(List<Kill> kills) {
    this.kills = List.copyOf(kills);
  }

  /** Of a run that killed leaders. */
  public static Failover of(Outcome outcome) {
    List<Act> done = outcome.acts().stream().filter(Act::done).toList();
    List<Act> probes = done.stream().filter(it -> it.workload().equals("probe")).toList();
    List<String> keys = probes.stream().map(Act::key).distinct().toList();
    List<Kill> kills = new ArrayList<>();
    for (Strike strike : outcome.strikes()) {
      long served = keys.stream().mapToLong(key -> served(strike, key, probes)).max().orElse(-1);
      long longest =
          done.stream()
              .filter(it -> it.begin() <= strike.end() && it.end() >= strike.begin())
              .mapToLong(it -> it.end() - it.begin())
              .max()
              .orElse(0);
      kills.add(new Kill(strike.nodes().getFirst(), millis(served), millis(longest)));
    }
    return new Failover(kills);
  }

  private static long served(Strike strike, String key, List<Act> probes) {
    return probes.stream()
        .filter(it -> it.key().equals(key) && it.begin() >= strike.begin())
        .mapToLong(it -> it.end() - strike.begin())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  public List<Kill> kills() {
    return kills;
  }

  public long medianMillis() {
    long[] sorted = kills.stream().mapToLong(Kill::servedMillis).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  public long worstMillis() {
    return kills.stream().mapToLong(Kill::servedMillis).max().orElse(0);
  }

  /** A table for a page of text. */
  public String table() {
    StringBuilder table =
        new StringBuilder("| kill | node | served again | longest wait |\n|---|---|---|---|\n");
    for (int i = 0; i < kills.size(); i++) {
      Kill kill = kills.get(i);
      table.append(
          String.format(
              Locale.ROOT,
              "| %d | n%d | %,d ms | %,d ms |%n",
              i + 1,
              kill.node() + 1,
              kill.servedMillis(),
              kill.longestMillis()));
    }
    return table.toString();
  }
}
