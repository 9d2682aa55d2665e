package dev.reprise.chaos.container;

import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;

/** Counts, per key. */
@VirtualObject("counter")
public class Counter {
  private static final StateKey<Integer> COUNT = StateKey.of("count", Integer.class);

  /** Adds one; answers how many that makes. */
  @Handler
  public int add(ObjectContext ctx) {
    int count = ctx.get(COUNT).orElse(0) + 1;
    ctx.set(COUNT, count);
    return count;
  }
}
