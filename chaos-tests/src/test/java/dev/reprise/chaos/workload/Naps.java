package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.DecidedOnceCheck;
import dev.reprise.chaos.check.EndedCheck;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Target;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Invocations that sleep and are suspended; while they do, clients ask for their outcomes. */
public final class Naps implements Workload {
  private static final int MOST_MILLIS = 4_000;

  private final AtomicInteger drawn = new AtomicInteger();

  /** Ids of those that were accepted, by name. */
  private final Map<String, String> accepted = new ConcurrentHashMap<>();

  /** Sleeps, also in a callee. */
  @Service("nap")
  @Options(
      inactivityTimeout = "PT0.1S",
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Nap {
    record Order(String name, long millis, boolean deep) {}

    @Handler
    public String sleep(Context ctx, Order order) {
      ctx.sleep(java.time.Duration.ofMillis(order.millis()));
      if (!order.deep()) {
        return order.name();
      }
      Order inner = new Order(order.name(), order.millis() / 2, false);
      return ctx.call(Target.service("nap", "sleep"), inner, String.class);
    }
  }

  @Override
  public String name() {
    return "nap";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Nap.class);
  }

  @Override
  public void turn(Client client) {
    int number = drawn.getAndIncrement();
    String name = "nap" + number;
    Ask sleep =
        Ask.post(
                "nap/sleep/send",
                "{\"name\":\"%s\",\"millis\":%d,\"deep\":%b}"
                    .formatted(
                        name, client.random().nextInt(MOST_MILLIS), client.random().nextBoolean()))
            .meaning(Ask::invocationId)
            .key(name);
    Act begin = client.untilDone(name(), name, "begin", name, sleep);
    if (begin.done()) {
      accepted.put(name, begin.output());
    }
    for (int i = 0; i < 2; i++) {
      String other = "nap" + Math.max(0, number - client.random().nextInt(20));
      String id = accepted.get(other);
      if (id != null) {
        client.once(name(), other, "peek", "", output(id));
      }
    }
  }

  private static Ask output(String id) {
    return Ask.get("restate/output/" + id).or(470, "");
  }

  @Override
  public void conclude(Client client) {
    accepted.forEach(
        (name, id) -> client.untilDone(name(), name, "end", "", Ask.get("restate/attach/" + id)));
    accepted.forEach((name, id) -> client.untilDone(name(), name, "peek", "", output(id)));
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    List<Act> outcomes = acts.stream().filter(it -> !it.verb().equals("begin")).toList();
    return List.of(
        EndedCheck.judge("what slept woke and ended", acts),
        DecidedOnceCheck.judge("outcomes never change", outcomes, true));
  }
}
