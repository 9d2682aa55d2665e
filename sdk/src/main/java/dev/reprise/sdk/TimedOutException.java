package dev.reprise.sdk;

import dev.reprise.sdk.core.ErrorCode;
import java.time.Duration;

/** What was awaited did not arrive in time. Ends the invocation with code 408 unless caught. */
public final class TimedOutException extends TerminalException {
  public TimedOutException(Duration timeout) {
    super(ErrorCode.TIMED_OUT, "Expected a result within " + timeout + ", but none arrived");
  }
}
