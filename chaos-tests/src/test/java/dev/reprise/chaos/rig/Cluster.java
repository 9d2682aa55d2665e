package dev.reprise.chaos.rig;

import dev.reprise.chaos.link.Links;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Nodes that can be treated badly. What is done to one that it cannot be done to any more (a dead
 * one is killed) does nothing. Faults: one thread; doors: any.
 */
public interface Cluster extends Doors, AutoCloseable {
  /** What its nodes call an address of this machine by. */
  URI fromWithin(URI uri);

  /** Whether its process is there; it may be paused. */
  boolean isUp(int node);

  /** What is done to a disk is done to that of a dead node. */
  default void expectDead(int node) {
    if (isUp(node)) {
      throw new IllegalStateException("Expected node " + node + " to be dead");
    }
  }

  /** {@code kill -9}; returns when it is gone. */
  void kill(int node);

  /** Lets it end in order; returns when it has. */
  void stop(int node);

  /** Starts it where it was; does not wait until it serves. */
  void start(int node);

  /** Waits until a node that was started serves. */
  void awaitServing(int node);

  /**
   * Waits until all nodes know each other and every copy of everything is open, where there are
   * several.
   *
   * @throws AssertionError with what is missing
   */
  void awaitWhole(Duration deadline);

  /** What differs between the copies of a partition; nothing where there is one of each. */
  List<String> differences();

  /** Holds it in the midst of whatever it does. */
  void pause(int node);

  void resume(int node);

  /** Forgets all that a dead node has kept. */
  void wipe(int node);

  /** Flips a bit in what a dead node has kept of a partition; says which one. */
  String rot(int node, SplittableRandom random);

  /** What lies between the nodes; none where there is one, or where it cannot be touched. */
  Links links();

  /** The disk and the clock of a node. */
  Shim shim(int node);

  /**
   * The node that leads most; -1 when nobody knows.
   *
   * @param deadline for the answer
   */
  int leader(Duration deadline);

  /** What its nodes said last. */
  String tail();

  /** What one node said last. */
  String tail(int node);

  @Override
  void close();
}
