package dev.reprise.storage.model;

/** Which signal of an invocation. */
public sealed interface SignalId {
  /** Index of the built-in signal that asks an invocation to cancel. */
  int CANCEL_INDEX = 1;

  /** That signal. */
  Index CANCEL = new Index(CANCEL_INDEX);

  /** The first index that is an awakeable; those below are built in. */
  int FIRST_AWAKEABLE = 17;

  /**
   * By number: built in, or an awakeable. Only the cancel signal may come more than once.
   *
   * @param index from 1, unsigned
   */
  record Index(int index) implements SignalId {
    @Override
    public boolean onlyOnce() {
      return index != CANCEL_INDEX;
    }
  }

  /** By a name that both sides have agreed on. May come more than once. */
  record Name(String name) implements SignalId {
    @Override
    public boolean onlyOnce() {
      return false;
    }
  }

  /** Whether a second value is refused once there is a first. */
  boolean onlyOnce();
}
