package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Calls to each part of the key space in turn: they show from when to when a part was not served.
 */
public final class Probes implements Workload {
  /** Among clusters of one, two or four partitions, each has one at least. */
  private static final int SLICES = 4;

  private final AtomicInteger drawn = new AtomicInteger();
  private final List<String> keys;

  /** Probes that have asked nothing yet. */
  public Probes() {
    keys = IntStream.range(0, SLICES).mapToObj(Probes::keyIn).toList();
  }

  /** Counts how often it was called. */
  @VirtualObject("probe")
  @Options(
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Probe {
    private static final StateKey<Integer> COUNT = StateKey.of("count", Integer.class);

    @Handler
    public int touch(ObjectContext ctx) {
      int count = ctx.get(COUNT).orElse(0) + 1;
      ctx.set(COUNT, count);
      return count;
    }
  }

  private static String keyIn(int slice) {
    KeyRanges ranges = new KeyRanges(SLICES);
    for (int number = 0; ; number++) {
      String key = "p" + number;
      if (ranges.partitionOf(InvocationIds.keyed(key)) == slice) {
        return key;
      }
    }
  }

  @Override
  public String name() {
    return "probe";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Probe.class);
  }

  @Override
  public void turn(Client client) {
    int number = drawn.getAndIncrement();
    String key = keys.get(number % SLICES);
    Ask touch = Ask.post("probe/" + key + "/touch", null).key(key + "-" + number);
    client.untilDone(name(), key, "touch", Integer.toString(number), touch);
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    List<String> unanswered =
        acts.stream().filter(it -> !it.done()).map(it -> "Not answered: " + it).toList();
    return List.of(Verdict.of("every probe is answered", acts.size(), unanswered));
  }
}
