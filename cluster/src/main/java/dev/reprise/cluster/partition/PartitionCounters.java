package dev.reprise.cluster.partition;

import java.util.concurrent.atomic.LongAdder;

/** What one partition has done since it was opened. Any thread. */
public final class PartitionCounters {
  private final LongAdder entries = new LongAdder();
  private final LongAdder commands = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder leaderships = new LongAdder();

  void proposed(int commandsInEntry) {
    entries.increment();
    commands.add(commandsInEntry);
  }

  void refused() {
    refused.increment();
  }

  void led() {
    leaderships.increment();
  }

  /** Log entries proposed here. */
  public long entries() {
    return entries.sum();
  }

  /** Commands in them. */
  public long commands() {
    return commands.sum();
  }

  /** Requests that were not admitted because too many waited. */
  public long refusals() {
    return refused.sum();
  }

  /** How often this replica became leader. */
  public long leaderships() {
    return leaderships.sum();
  }
}
