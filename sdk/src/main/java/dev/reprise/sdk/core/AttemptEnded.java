package dev.reprise.sdk.core;

/**
 * Unwinds user code when its attempt is over: suspended, failed or abandoned. An error, so that
 * {@code catch (Exception e)} in a handler does not swallow it; when something does, every further
 * use of the context throws it again and nothing more is written.
 */
public final class AttemptEnded extends Error {
  public AttemptEnded(String why) {
    super(why, null, false, false);
  }
}
