package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.Linearizability;
import dev.reprise.chaos.check.SetModel;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.VirtualObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Sets that grow: what was seen in one stays in it. */
public final class Sets implements Workload {
  private static final int ACTS_PER_KEY = 60;
  private static final int STEPS = 2_000_000;

  private final Keys keys = new Keys("s", ACTS_PER_KEY);

  /** A set of numbers. */
  @VirtualObject("bag")
  @Options(
      lazyState = true,
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Bag {
    private static final StateKey<List<Integer>> ELEMENTS =
        StateKey.of("elements", new TypeRef<List<Integer>>() {});

    @Handler
    public void add(ObjectContext ctx, int element) {
      TreeSet<Integer> all = new TreeSet<>(of(ctx.get(ELEMENTS)));
      all.add(element);
      ctx.set(ELEMENTS, new ArrayList<>(all));
    }

    @Shared
    public List<Integer> read(SharedObjectContext ctx) {
      return of(ctx.get(ELEMENTS));
    }

    private static List<Integer> of(Optional<List<Integer>> elements) {
      return elements.orElse(List.of());
    }
  }

  @Override
  public String name() {
    return "set";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Bag.class);
  }

  @Override
  public void turn(Client client) {
    Keys.Draw draw = keys.draw();
    String element = Integer.toString(draw.number());
    Ask add = Ask.post("bag/" + draw.key() + "/add", element).meaning(any -> "");
    switch (client.random().nextInt(4)) {
      case 0, 1 -> read(client, draw.key());
      case 2 ->
          client.untilDone(name(), draw.key(), "add", element, add.key(draw.key() + "-" + element));
      default -> client.once(name(), draw.key(), "add", element, add);
    }
  }

  private void read(Client client, String key) {
    client.once(name(), key, "read", "", Ask.post("bag/" + key + "/read", null));
  }

  @Override
  public void conclude(Client client) {
    for (int i = 0; i < keys.count(); i++) {
      client.untilDone(
          name(), keys.key(i), "read", "", Ask.post("bag/" + keys.key(i) + "/read", null));
    }
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    return List.of(
        new Linearizability<>("sets are linearizable", new SetModel(), STEPS)
            .judge(withoutWhatNobodySaw(acts)));
  }

  /** An add of unknown fate that no read shows need not have happened, and only costs time. */
  private static List<Act> withoutWhatNobodySaw(List<Act> acts) {
    var seen = new java.util.HashSet<String>();
    for (Act act : acts) {
      if (act.verb().equals("read") && !act.output().isEmpty()) {
        for (String element : act.output().split(",", -1)) {
          seen.add(act.key() + "/" + element);
        }
      }
    }
    return acts.stream()
        .filter(it -> it.done() || seen.contains(it.key() + "/" + it.input()))
        .toList();
  }
}
