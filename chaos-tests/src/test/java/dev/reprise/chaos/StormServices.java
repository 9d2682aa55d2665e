package dev.reprise.chaos;

import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The services that the storm blows at, and what they have seen. */
final class StormServices {
  private StormServices() {}

  /** Says what it hears. */
  @Service("echo")
  static class Echo {
    @Handler
    public String echo(String text) {
      return text;
    }
  }

  /** Counts per key. */
  @VirtualObject("counter")
  static class Counter {
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

  /**
   * Takes steps whose results nobody can guess: each execution of a step makes a fresh value. So
   * two different journaled results of one step would be seen.
   */
  @Service("steps")
  @Options(retry = @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S"))
  static class Steps {
    /** What happened to one subject, in order. */
    private final Map<String, List<Event>> events = new ConcurrentHashMap<>();

    final LongAdder executions = new LongAdder();

    /**
     * Of a subject: step number {@code step} was executed, made the value and had seen the others.
     */
    record Event(int step, String made, List<String> seen) {}

    record Order(String subject, int steps) {}

    @Handler
    public List<String> take(Context ctx, Order order) {
      List<String> values = new ArrayList<>();
      for (int step = 0; step < order.steps(); step++) {
        int number = step;
        List<String> seen = List.copyOf(values);
        values.add(
            ctx.run("step " + step, String.class, () -> execute(order.subject(), number, seen)));
      }
      return values;
    }

    private String execute(String subject, int step, List<String> seen) {
      String made = UUID.randomUUID().toString();
      executions.increment();
      events.compute(
          subject,
          (any, list) -> {
            List<Event> longer = list == null ? new ArrayList<>() : new ArrayList<>(list);
            longer.add(new Event(step, made, seen));
            return longer;
          });
      return made;
    }

    List<Event> events(String subject) {
      return events.getOrDefault(subject, List.of());
    }
  }
}
