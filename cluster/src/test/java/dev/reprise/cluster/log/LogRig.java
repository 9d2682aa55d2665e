package dev.reprise.cluster.log;

import java.util.function.BooleanSupplier;

/**
 * A few nodes that share logs, for tests: which kind of log they run on is the rig's affair. Used
 * by one thread.
 */
public interface LogRig extends AutoCloseable {
  /** How many nodes there are, numbered from 0. */
  int nodes();

  /** Takes part in a log on one node, which must be running. */
  ReplicatedLog open(int node, LogId id, Replica replica);

  /** Stops a node without warning: its logs are gone until they are opened again. */
  void kill(int node);

  /** Starts a killed node, without any log. */
  void restart(int node);

  /**
   * Lets the logs go on until the condition holds, or fails with the words given. It is looked at
   * again after each {@link #changed()}.
   */
  void await(String what, BooleanSupplier condition);

  /** Something may have changed. Any thread. */
  void changed();

  @Override
  void close();
}
