package dev.reprise.cluster.simulation;

import dev.reprise.cluster.log.simulated.SimulatedTime;
import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.partition.InvokerFactory;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Retention;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The services of the simulation for tests on real threads: each invoker has chance and a world of
 * its own, on its leader's loop. Any thread.
 */
public final class ScriptedServices implements InvokerFactory {
  private static final Retention A_DAY =
      new Retention(Duration.ofDays(1).toMillis(), Duration.ofDays(1).toMillis());
  private static final int ATTEMPTS = 1_000;

  private final KeyRanges ranges;
  private final SplittableRandom random;

  public ScriptedServices(KeyRanges ranges, long seed) {
    this.ranges = ranges;
    this.random = new SplittableRandom(seed);
  }

  private synchronized SplittableRandom chance() {
    return random.split();
  }

  @Override
  public Invoker create(int partition, Invoker.Host host) {
    SplittableRandom own = chance();
    return new SimulatedInvoker(
        host,
        new SimulatedWorld(ranges, own.split()),
        own,
        () -> Unrest.NONE,
        new Transcript(new SimulatedTime(), 1),
        ATTEMPTS);
  }

  /**
   * An invocation that is remembered for a day.
   *
   * @param handler {@code add} counts up its key's counter and returns it, {@code read} returns it;
   *     {@code echo} returns its input; {@code call} and {@code deep} call others, {@code tell}
   *     sends; {@code nap} holds its key for a while; {@code stuck} is tried for ever, in a scope
   *     of that name
   */
  public NewInvocation make(String handler, String key, String input) {
    return with(new SimulatedWorld(ranges, chance()).make(handler, key, "", input, null), A_DAY);
  }

  /** The same with another retention. */
  public static NewInvocation with(NewInvocation it, Retention retention) {
    return new NewInvocation(
        it.id(),
        it.target(),
        it.requestHigh(),
        it.requestLow(),
        it.idempotencyKey(),
        it.input(),
        it.startAtMillis(),
        retention,
        it.randomSeed(),
        null);
  }
}
