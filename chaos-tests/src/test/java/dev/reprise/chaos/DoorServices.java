package dev.reprise.chaos;

import dev.reprise.sdk.Awakeable;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.SharedWorkflowContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.VirtualObject;
import dev.reprise.sdk.Workflow;
import dev.reprise.sdk.WorkflowContext;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Services with something to do for each door. */
final class DoorServices {
  private DoorServices() {}

  /** Answers, fails and waits. */
  @Service("doors")
  @Options(
      inactivityTimeout = "PT0.2S",
      retry = @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.1S"))
  static class Doors {
    private final BlockingQueue<String> awakeables = new LinkedBlockingQueue<>();
    final AtomicBoolean broken = new AtomicBoolean();

    @Handler
    public String greet(Context ctx, String name) {
      return "Hello " + name;
    }

    @Handler
    public String fail(Context ctx, int code) {
      throw new TerminalException(code, "it is no good", Map.of("because", "of that"));
    }

    /** Waits for whoever has the id. */
    @Handler
    public String ask(Context ctx) {
      Awakeable<String> answer = ctx.awakeable(String.class);
      String id = answer.id();
      ctx.run(
          "tell",
          () -> {
            awakeables.add(id);
          });
      return "heard " + answer.await();
    }

    /** Waits for a signal. */
    @Handler
    public String listen(Context ctx) {
      return "heard " + ctx.signal("go", String.class).await();
    }

    /** Fails as long as it is broken, after a step. */
    @Handler
    public String mend(Context ctx, String subject) {
      String step = ctx.run("step", String.class, () -> subject + "!");
      if (broken.get()) {
        throw new IllegalStateException("broken");
      }
      return step;
    }

    String awakeable() throws InterruptedException {
      String id = awakeables.poll(20, TimeUnit.SECONDS);
      if (id == null) {
        throw new AssertionError("Expected somebody to ask within 20 s");
      }
      return id;
    }
  }

  /** Waits for one decision. */
  @Workflow("approval")
  @Options(inactivityTimeout = "PT0.2S")
  static class Approval {
    private static final PromiseKey<String> DECISION = PromiseKey.of("decision", String.class);

    @Handler
    public String run(WorkflowContext ctx, String request) {
      return request + ": " + ctx.promise(DECISION).await();
    }

    @Shared
    public boolean decided(SharedWorkflowContext ctx) {
      return ctx.promise(DECISION).peek().isPresent();
    }
  }

  /** Remembers one text per key. */
  @VirtualObject("notes")
  static class Notes {
    private static final StateKey<String> NOTE = StateKey.of("note", String.class);

    @Handler
    public void write(ObjectContext ctx, String note) {
      ctx.set(NOTE, note);
    }

    @Shared
    public String read(SharedObjectContext ctx) {
      return ctx.get(NOTE).orElse("nothing");
    }
  }
}
