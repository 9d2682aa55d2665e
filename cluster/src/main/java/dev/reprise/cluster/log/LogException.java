package dev.reprise.cluster.log;

import org.jspecify.annotations.Nullable;

/** A log cannot be opened, or cannot go on. The message names the log and what was expected. */
public class LogException extends RuntimeException {
  /** Without a cause. */
  public LogException(String message) {
    super(message);
  }

  /** With the failure underneath. */
  public LogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
