package dev.reprise.cluster.log.simulated;

import org.jspecify.annotations.Nullable;

/** What the log holds at one index; without bytes it is a leader's own first entry. */
final class Entry {
  private final long term;
  private final byte @Nullable [] bytes;
  private final @Nullable Object proposal;

  Entry(long term, byte @Nullable [] bytes, @Nullable Object proposal) {
    this.term = term;
    this.bytes = bytes;
    this.proposal = proposal;
  }

  long term() {
    return term;
  }

  byte @Nullable [] bytes() {
    return bytes;
  }

  @Nullable Object proposal() {
    return proposal;
  }
}
