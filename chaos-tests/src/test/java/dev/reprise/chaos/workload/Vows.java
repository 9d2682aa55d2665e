package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.DecidedOnceCheck;
import dev.reprise.chaos.check.EndedCheck;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedWorkflowContext;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.Workflow;
import dev.reprise.sdk.WorkflowContext;
import java.util.List;

/** Workflows that wait for a promise which several clients want to decide. */
public final class Vows implements Workload {
  private static final int ACTS_PER_KEY = 10;
  private static final int CONFLICT = 409;

  private final Keys keys = new Keys("v", ACTS_PER_KEY);

  /** Waits for a promise. */
  @Workflow("vow")
  @Options(
      inactivityTimeout = "PT0.1S",
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Vow {
    private static final PromiseKey<String> DECISION = PromiseKey.of("decision", String.class);

    @Handler
    public String run(WorkflowContext ctx) {
      return ctx.promise(DECISION).await();
    }

    @Shared
    public boolean decide(SharedWorkflowContext ctx, String value) {
      try {
        ctx.promise(DECISION).resolve(value);
        return true;
      } catch (TerminalException e) {
        if (e.code() != CONFLICT) {
          throw e;
        }
        return false;
      }
    }

    @Shared
    public String peek(SharedWorkflowContext ctx) {
      return ctx.promise(DECISION).peek().orElse("");
    }
  }

  @Override
  public String name() {
    return "vow";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Vow.class);
  }

  @Override
  public void turn(Client client) {
    Keys.Draw draw = keys.draw();
    String path = "vow/" + draw.key() + "/";
    if (draw.number() == 0) {
      begin(client, draw.key());
      return;
    }
    String value = "d" + draw.number();
    Ask decide = Ask.post(path + "decide", "\"" + value + "\"");
    switch (draw.number() < 3 ? 0 : client.random().nextInt(4)) {
      case 1 -> client.once(name(), draw.key(), "decide", value, decide);
      case 2 ->
          client.untilDone(
              name(), draw.key(), "decide", value, decide.key(draw.key() + "-" + value));
      default -> client.once(name(), draw.key(), "peek", "", Ask.post(path + "peek", null));
    }
  }

  private void begin(Client client, String key) {
    Ask run = Ask.post("vow/" + key + "/run/send", null).meaning(any -> "");
    client.untilDone(name(), key, "begin", "over", run);
  }

  @Override
  public void release(Client client) {
    for (int i = 0; i < keys.count(); i++) {
      String key = keys.key(i);
      begin(client, key);
      Ask decide = Ask.post("vow/" + key + "/decide", "\"last\"").key(key + "-last");
      client.untilDone(name(), key, "decide", "last", decide);
      Ask attach = Ask.get("restate/workflow/vow/" + key + "/attach");
      Act end = client.untilDone(name(), key, "peek", "", attach);
      if (end.done()) {
        client.untilDone(name(), key, "end", "", attach.meaning(any -> "over"));
      }
    }
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    List<Act> promises =
        acts.stream().filter(it -> it.verb().equals("decide") || it.verb().equals("peek")).toList();
    return List.of(
        DecidedOnceCheck.judge("promises are decided once", promises, false),
        EndedCheck.judge("workflows end", acts));
  }
}
