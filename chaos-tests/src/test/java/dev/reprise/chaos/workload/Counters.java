package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.CounterCheck;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import java.util.List;

/** Counters: adds with an idempotency key count once, however often they are asked for. */
public final class Counters implements Workload {
  private static final int ACTS_PER_KEY = 150;

  private final Keys keys = new Keys("c", ACTS_PER_KEY);

  /** A counter. */
  @VirtualObject("tally")
  @Options(
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Tally {
    private static final StateKey<Integer> COUNT = StateKey.of("count", Integer.class);

    @Handler
    public int add(ObjectContext ctx) {
      int count = ctx.get(COUNT).orElse(0) + 1;
      ctx.set(COUNT, count);
      return count;
    }

    @Shared
    public int read(SharedObjectContext ctx) {
      return ctx.get(COUNT).orElse(0);
    }
  }

  @Override
  public String name() {
    return "counter";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Tally.class);
  }

  @Override
  public void turn(Client client) {
    Keys.Draw draw = keys.draw();
    String name = draw.key() + "-" + draw.number();
    Ask add = Ask.post("tally/" + draw.key() + "/add", null);
    switch (client.random().nextInt(5)) {
      case 0 -> client.once(name(), draw.key(), "read", "", read(draw.key()));
      case 1 -> client.once(name(), draw.key(), "add", name, add);
      default -> {
        client.untilDone(name(), draw.key(), "add", name, add.key(name));
        if (client.random().nextInt(4) == 0) {
          client.untilDone(name(), draw.key(), "add", name, add.key(name));
        }
      }
    }
  }

  private static Ask read(String key) {
    return Ask.post("tally/" + key + "/read", null);
  }

  @Override
  public void conclude(Client client) {
    for (int i = 0; i < keys.count(); i++) {
      client.untilDone(name(), keys.key(i), "read", "", read(keys.key(i)));
    }
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    return List.of(CounterCheck.judge(acts));
  }
}
