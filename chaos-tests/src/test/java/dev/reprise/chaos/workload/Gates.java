package dev.reprise.chaos.workload;

import static dev.reprise.chaos.rig.Eventually.pause;

import dev.reprise.chaos.check.DecidedOnceCheck;
import dev.reprise.chaos.check.EndedCheck;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.sdk.Awakeable;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.VirtualObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Awakeables, which clients complete over HTTP while leaders move. */
public final class Gates implements Workload {
  private static final int LOOKS = 40;
  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final String AWAKEABLES = "awakeable-box";

  private final AtomicInteger drawn = new AtomicInteger();

  /** Ids of invocations that were accepted, by name. */
  private final Map<String, String> accepted = new ConcurrentHashMap<>();

  /** Waits until somebody opens. */
  @Service("gate")
  @Options(
      inactivityTimeout = "PT0.1S",
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Gate {
    @Handler
    public String wait(Context ctx, String name) {
      Awakeable<String> gate = ctx.awakeable(String.class);
      ctx.send(Target.object(AWAKEABLES, name, "put"), gate.id());
      return gate.await();
    }
  }

  /** Where a gate leaves the id that opens it. */
  @VirtualObject(AWAKEABLES)
  @Options(
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Box {
    private static final StateKey<String> ID = StateKey.of("id", String.class);

    @Handler
    public void put(ObjectContext ctx, String id) {
      ctx.set(ID, id);
    }

    @Shared
    public String look(SharedObjectContext ctx) {
      return ctx.get(ID).orElse("");
    }
  }

  @Override
  public String name() {
    return "gate";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Gate.class, Box.class);
  }

  @Override
  public void turn(Client client) {
    String name = "g" + drawn.incrementAndGet();
    Ask wait = Ask.post("gate/wait/send", "\"" + name + "\"").meaning(Ask::invocationId).key(name);
    Act begin = client.untilDone(name(), name, "begin", "over", wait);
    if (!begin.done()) {
      return;
    }
    accepted.put(name, begin.output());
    String id = look(client, name);
    if (!id.isEmpty()) {
      open(client, name, id, "first");
      open(client, name, id, "second");
      client.once(
          name(), name, "peek", "", Ask.get("restate/output/" + begin.output()).or(470, ""));
    }
  }

  private String look(Client client, String name) {
    Ask look = Ask.post(AWAKEABLES + "/" + name + "/look", null);
    for (int i = 0; i < LOOKS && !client.over(); i++) {
      Act seen = client.once(name(), name, "look", "", look);
      if (!seen.output().isEmpty()) {
        return seen.output();
      }
      pause(BETWEEN);
    }
    return "";
  }

  /** Asked once, as the answer does not say who was first. */
  private void open(Client client, String name, String id, String value) {
    Ask resolve =
        Ask.post("restate/awakeables/" + id + "/resolve", "\"" + value + "\"")
            .meaning(any -> "taken");
    client.once(name(), name, "decide", value, resolve);
  }

  @Override
  public void release(Client client) {
    accepted.forEach((name, invocation) -> end(client, name, invocation));
  }

  private void end(Client client, String name, String invocation) {
    Ask look = Ask.post(AWAKEABLES + "/" + name + "/look", null);
    String id = client.untilDone(name(), name, "look", "", look).output();
    Ask resolve =
        Ask.post("restate/awakeables/" + id + "/resolve", "\"last\"").meaning(any -> "taken");
    client.untilDone(name(), name, "decide", "last", resolve);
    Ask attach = Ask.get("restate/attach/" + invocation);
    if (client.untilDone(name(), name, "peek", "", attach).done()) {
      client.untilDone(name(), name, "end", "", attach.meaning(any -> "over"));
    }
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    List<Act> decided =
        acts.stream()
            .filter(it -> it.verb().equals("decide") || it.verb().equals("peek"))
            .map(Gates::withoutSayingSo)
            .toList();
    return List.of(
        DecidedOnceCheck.judge("awakeables are completed once", decided, false),
        EndedCheck.judge("what waited for an awakeable ended", acts));
  }

  /**
   * A completed awakeable is not yet a completed invocation: an outcome that is still open after it
   * says nothing.
   */
  private static Act withoutSayingSo(Act act) {
    return act.verb().equals("peek") && act.done() && act.output().isEmpty()
        ? act.forgotten()
        : act;
  }
}
