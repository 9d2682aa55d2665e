package dev.reprise.storage.model;

/** Which signal of an invocation. */
public sealed interface SignalId {
  /** The built-in signal that asks an invocation to cancel. */
  Index CANCEL = new Index(1);

  /** The first index that is an awakeable; those below are built in. */
  int FIRST_AWAKEABLE = 17;

  /**
   * By number: built in, or an awakeable. Only the cancel signal may come more than once.
   *
   * @param index from 1, unsigned
   */
  record Index(int index) implements SignalId {}

  /** By a name that both sides have agreed on. May come more than once. */
  record Name(String name) implements SignalId {}

  /** Whether a second value is refused once there is a first. */
  default boolean onlyOnce() {
    return this instanceof Index index && index.index() != CANCEL.index();
  }
}
