package dev.reprise.cluster.engine;

import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.RequestId;

/** Names of the requests that a journal makes. */
final class Requested {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Requested() {}

  /**
   * The request that the journal command at this index of this life makes. Anyone who reads the
   * journal works out the same one: so a child of this life is known from a later one with its id.
   */
  static RequestId by(InvocationId id, long incarnation, int index) {
    long life = mix(id.uuidHigh() + mix(id.uuidLow() + mix(id.partitionKey() + GOLDEN)));
    long high = mix(life + mix(incarnation * GOLDEN));
    return new RequestId(high, mix(high ^ (index + 1) * GOLDEN));
  }

  /** Every bit of the result depends on every bit of the number. */
  private static long mix(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
