package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.Linearizability;
import dev.reprise.chaos.check.RegisterModel;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.rig.ClusterDoor;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/** Registers: read, write, compare and set. */
public final class Registers implements Workload {
  private static final int ACTS_PER_KEY = 60;
  private static final int STEPS = 2_000_000;

  private final Keys keys = new Keys("r", ACTS_PER_KEY);

  /** How many turns of six only look at the state, without running anything. */
  private final int looks;

  /** What somebody saw last, which a swap has a chance with. */
  private final Map<String, String> seen = new ConcurrentHashMap<>();

  /** The usual mixture. */
  public Registers() {
    this(1);
  }

  private Registers(int looks) {
    this.looks = looks;
  }

  /** Mostly looked at. */
  public static Registers looking() {
    return new Registers(4);
  }

  /** A register. */
  @VirtualObject("cell")
  @Options(
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Cell {
    private static final StateKey<String> VALUE = StateKey.of("value", String.class);

    record Swap(String expected, String next) {}

    @Handler
    public void write(ObjectContext ctx, String value) {
      ctx.set(VALUE, value);
    }

    @Handler
    public boolean cas(ObjectContext ctx, Swap swap) {
      if (!ctx.get(VALUE).orElse("").equals(swap.expected())) {
        return false;
      }
      ctx.set(VALUE, swap.next());
      return true;
    }

    @Handler
    public String readInTurn(ObjectContext ctx) {
      return ctx.get(VALUE).orElse("");
    }

    @Shared
    public String read(SharedObjectContext ctx) {
      return ctx.get(VALUE).orElse("");
    }
  }

  @Override
  public String name() {
    return "register";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Cell.class);
  }

  @Override
  public void turn(Client client) {
    Keys.Draw draw = keys.draw();
    String path = "cell/" + draw.key() + "/";
    String fresh = Integer.toString(draw.number() + 1);
    boolean repeatable = client.random().nextBoolean();
    String name = draw.key() + "-" + fresh;
    if (client.random().nextInt(6) < looks) {
      note(client.look(name(), draw.key(), "read", (door, most) -> state(door, draw, most)), "");
      return;
    }
    Act act =
        switch (client.random().nextInt(5)) {
          case 0 -> client.once(name(), draw.key(), "read", "", Ask.post(path + "read", null));
          case 1 ->
              client.once(name(), draw.key(), "read", "", Ask.post(path + "readInTurn", null));
          case 2 -> {
            Ask ask = Ask.post(path + "write", "\"" + fresh + "\"").meaning(any -> "");
            yield change(client, draw.key(), "write", fresh, ask, repeatable, name);
          }
          default -> {
            String expected = seen.getOrDefault(draw.key(), "");
            String json = "{\"expected\":\"%s\",\"next\":\"%s\"}".formatted(expected, fresh);
            String input = expected + "," + fresh;
            Ask ask = Ask.post(path + "cas", json);
            yield change(client, draw.key(), "cas", input, ask, repeatable, name);
          }
        };
    note(act, fresh);
  }

  /** What the node says that the state is, without running anything. */
  private static String state(ClusterDoor door, Keys.Draw draw, Duration deadline) {
    String json = door.state("cell", draw.key(), "value", deadline);
    return json.isEmpty() ? "" : JsonMapper.shared().readTree(json).asString();
  }

  private Act change(
      Client client, String key, String verb, String input, Ask ask, boolean again, String name) {
    return again
        ? client.untilDone(name(), key, verb, input, ask.key(name))
        : client.once(name(), key, verb, input, ask);
  }

  private void note(Act act, String fresh) {
    if (!act.done()) {
      return;
    }
    if (act.verb().equals("read")) {
      seen.put(act.key(), act.output());
    } else if (!act.output().equals("false")) {
      seen.put(act.key(), fresh);
    }
  }

  @Override
  public void conclude(Client client) {
    for (int i = 0; i < keys.count(); i++) {
      client.untilDone(
          name(), keys.key(i), "read", "", Ask.post("cell/" + keys.key(i) + "/read", null));
    }
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    return List.of(
        new Linearizability<>("registers are linearizable", new RegisterModel(), STEPS)
            .judge(acts));
  }
}
