package dev.reprise.cluster.checkpoint;

import org.jspecify.annotations.Nullable;

/** Remembers what a replica's state hashed to. Any thread; does not block. */
@FunctionalInterface
public interface Witness {
  /** The hash after this entry was applied; null if it is not remembered. */
  @Nullable Long hashAt(long index);
}
