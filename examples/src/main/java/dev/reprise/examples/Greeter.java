package dev.reprise.examples;

import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;

/**
 * Each key has its own count, and at most one greeting runs per key.
 *
 * <pre>
 * curl -X POST localhost:8080/greeter/Sonali/greet   # Hello Sonali for the 1-th time.
 * curl -X POST localhost:8080/greeter/Peter/greet    # Hello Peter for the 1-th time.
 * curl -X POST localhost:8080/greeter/Sonali/greet   # Hello Sonali for the 2-th time.
 * curl -X POST localhost:8080/greeter/Peter/reset    # Back to zero for Peter.
 * </pre>
 */
@VirtualObject("greeter")
public class Greeter {
  private static final StateKey<Integer> COUNT = StateKey.of("count", Integer.class);

  @Handler
  public String greet(ObjectContext ctx) {
    int count = ctx.get(COUNT).orElse(0) + 1;
    ctx.set(COUNT, count);
    return "Hello " + ctx.key() + " for the " + count + "-th time.";
  }

  @Handler
  public String reset(ObjectContext ctx) {
    ctx.set(COUNT, 0);
    return "Back to zero for " + ctx.key() + ".";
  }

  /** Reads, also while a greeting runs. */
  @Shared
  public int count(SharedObjectContext ctx) {
    return ctx.get(COUNT).orElse(0);
  }
}
