package dev.reprise.storage.model;

import org.jspecify.annotations.Nullable;

/**
 * A notification that no journal command asked for.
 *
 * @param outcome what it brings; null where it says only that it came
 */
public record Signal(SignalId id, @Nullable Outcome outcome) {
  /** Asks an invocation to cancel. */
  public static final Signal CANCEL = new Signal(SignalId.CANCEL, null);
}
