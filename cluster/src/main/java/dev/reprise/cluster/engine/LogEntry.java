package dev.reprise.cluster.engine;

import java.util.List;

/**
 * One entry of a partition's log: a batch of commands and when, and by whom, it was proposed.
 *
 * @param epoch the leader's epoch; 0 for the entry that announces it
 * @param sequence rises by one with each entry of an epoch, so that the leader knows its own again
 * @param clockMillis the leader's clock
 */
public record LogEntry(long epoch, long sequence, long clockMillis, List<Command> commands) {
  public LogEntry {
    commands = List.copyOf(commands);
  }
}
