package dev.reprise.chaos.fault;

import java.util.List;

/** Which faults come when. One thread. */
public interface Course {
  /**
   * Does the faults, and ends when all is well again.
   *
   * @throws AssertionError if it does not become well
   */
  void blow();

  /** What was done so far. */
  List<Strike> strikes();
}
