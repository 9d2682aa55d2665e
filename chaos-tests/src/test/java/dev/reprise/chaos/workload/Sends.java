package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.OnceCheck;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.VirtualObject;
import java.util.ArrayList;
import java.util.List;

/** One-way calls: of clients, and of handlers to other partitions. */
public final class Sends implements Workload {
  private static final int ACTS_PER_KEY = 100;
  private static final int FAN = 4;

  private final Keys keys = new Keys("l", ACTS_PER_KEY);

  /** Notes what arrives, in order, also what arrives twice. */
  @VirtualObject("ledger")
  @Options(
      // What was done is forgotten at once: then only the partition that takes it knows.
      journalRetention = "PT0S",
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Ledger {
    private static final StateKey<List<String>> NAMES =
        StateKey.of("names", new TypeRef<List<String>>() {});

    @Handler
    public void note(ObjectContext ctx, String name) {
      List<String> names = new ArrayList<>(ctx.get(NAMES).orElse(List.of()));
      names.add(name);
      ctx.set(NAMES, names);
    }

    @Shared
    public List<String> all(SharedObjectContext ctx) {
      return ctx.get(NAMES).orElse(List.of());
    }
  }

  /** Sends on. */
  @Service("post")
  @Options(
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Post {
    record Letter(List<String> ledgers, String name) {}

    @Handler
    public void deliver(Context ctx, Letter letter) {
      for (String ledger : letter.ledgers()) {
        ctx.send(Target.object("ledger", ledger, "note"), letter.name());
      }
    }
  }

  @Override
  public String name() {
    return "sends";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Ledger.class, Post.class);
  }

  private static String ledger(String key, int number) {
    return key + "-" + number;
  }

  @Override
  public void turn(Client client) {
    Keys.Draw draw = keys.draw();
    String name = "n" + draw.number();
    String unique = draw.key() + name;
    if (client.random().nextBoolean()) {
      String ledger = ledger(draw.key(), client.random().nextInt(FAN));
      Ask note = Ask.post("ledger/" + ledger + "/note/send", "\"" + name + "\"").meaning(any -> "");
      if (client.random().nextBoolean()) {
        client.untilDone(name(), ledger, "send", name, note.key(unique));
      } else {
        client.once(name(), ledger, "send", name, note);
      }
      return;
    }
    List<String> ledgers = new ArrayList<>();
    for (int i = 0; i < FAN; i++) {
      ledgers.add("\"" + ledger(draw.key(), i) + "\"");
    }
    String letter = "{\"ledgers\":[%s],\"name\":\"%s\"}".formatted(String.join(",", ledgers), name);
    Ask deliver = Ask.post("post/deliver/send", letter).meaning(any -> "");
    Act fan =
        client.random().nextBoolean()
            ? client.untilDone(name(), "post", "deliver", unique, deliver.key(unique))
            : client.once(name(), "post", "deliver", unique, deliver);
    for (int i = 0; i < FAN; i++) {
      client.also(fan, ledger(draw.key(), i), "send", name);
    }
  }

  @Override
  public void conclude(Client client) {
    for (int i = 0; i < keys.count(); i++) {
      for (int number = 0; number < FAN; number++) {
        String ledger = ledger(keys.key(i), number);
        client.untilDone(
            name(), ledger, "received", "", Ask.post("ledger/" + ledger + "/all", null));
      }
    }
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    List<Act> ofLedgers = acts.stream().filter(it -> !it.key().equals("post")).toList();
    return List.of(OnceCheck.judge("sends arrive once", ofLedgers));
  }
}
