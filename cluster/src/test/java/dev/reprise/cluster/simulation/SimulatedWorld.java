package dev.reprise.cluster.simulation;

import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.Waiter;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes invocations as proposers do, from the run's chance. */
final class SimulatedWorld implements Context.World {
  /** Longer than anybody retries a request. */
  static final long RETENTION_MILLIS = 8_000;

  private final SideEffects effects = new SideEffects();
  private final KeyRanges ranges;
  private final SplittableRandom random;

  SimulatedWorld(KeyRanges ranges, SplittableRandom random) {
    this.ranges = ranges;
    this.random = random;
  }

  @Override
  public SideEffects effects() {
    return effects;
  }

  @Override
  public NewInvocation make(
      String handler, String key, String name, String input, @Nullable Waiter to) {
    InvocationTarget target = Handlers.target(handler, key);
    boolean named = !name.isEmpty() || target.kind() == HandlerKind.WORKFLOW_RUN;
    long high = random.nextLong();
    long low = random.nextLong();
    InvocationId id =
        named ? InvocationIds.named(target, name) : InvocationIds.drawn(target, high, low);
    Retention retention =
        named || random.nextBoolean()
            ? new Retention(RETENTION_MILLIS, random.nextLong(RETENTION_MILLIS + 1))
            : Retention.NONE;
    return new NewInvocation(
        id,
        target,
        high,
        low,
        name,
        Bytes.utf8(input),
        0,
        retention,
        random.nextLong(),
        to,
        Handlers.limitKey(target, input));
  }

  @Override
  public NewInvocation delayed(NewInvocation made, long startAtMillis) {
    return new NewInvocation(
        made.id(),
        made.target(),
        made.requestHigh(),
        made.requestLow(),
        made.idempotencyKey(),
        made.input(),
        startAtMillis,
        made.retention(),
        made.randomSeed(),
        made.waiter(),
        made.limitKey());
  }

  @Override
  public int partitionOf(InvocationId id) {
    return ranges.partitionOf(id);
  }
}
