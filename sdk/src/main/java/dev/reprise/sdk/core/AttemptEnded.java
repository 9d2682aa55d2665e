package dev.reprise.sdk.core;

/**
 * Unwinds user code when its attempt is over: suspended, failed or abandoned. An error, so that
 * {@code catch (Exception e)} in a handler does not swallow it; when something does, every further
 * use of the context throws it again and nothing more is written.
 */
public final class AttemptEnded extends Error {
  private final boolean broken;

  public AttemptEnded(String why) {
    this(why, false);
  }

  AttemptEnded(String why, boolean broken) {
    super(why, null, false, false);
    this.broken = broken;
  }

  /** Whether journal and code, or server and protocol, do not fit together. */
  public boolean isBroken() {
    return broken;
  }
}
