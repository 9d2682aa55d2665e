package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets all replicas compare their states with the leader's, now and then while there is something
 * new. One per epoch; confined to the leader loop.
 */
final class StateChecks {
  private final StateHashes hashes;
  private final Proposer proposer;
  private final Loop loop;
  private final Runnable flush;
  private final Duration interval;
  private Loop.@Nullable Cancellable next;

  /** The entry with the last comparison: if it is the newest, there is nothing new. */
  private long quietAt;

  private boolean closed;

  /**
   * @param interval zero for never, where there is nobody to compare with
   */
  StateChecks(StateHashes hashes, Proposer proposer, Loop loop, Runnable flush, Duration interval) {
    this.hashes = hashes;
    this.proposer = proposer;
    this.loop = loop;
    this.flush = flush;
    this.interval = interval;
  }

  void start() {
    if (!closed && !interval.isZero()) {
      next = loop.schedule(interval, this::check);
    }
  }

  private void check() {
    StateHashes.At now = hashes.newest();
    if (closed || now.index() == quietAt) {
      start();
      return;
    }
    proposer.finish(
        new Command.CheckState(now.index(), now.hash()),
        result -> {
          quietAt = hashes.newest().index();
          start();
        });
    flush.run();
  }

  void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }
}
