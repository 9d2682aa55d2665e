package dev.reprise.sdk;

import dev.reprise.sdk.core.ErrorCode;

/**
 * Ends the invocation with a failure that is not retried. Any other exception fails only the
 * attempt: the server starts another one.
 */
public class TerminalException extends RuntimeException {
  private final int code;

  public TerminalException(String message) {
    this(ErrorCode.INTERNAL, message);
  }

  /**
   * @param code as of HTTP: it becomes the status of the answer
   */
  public TerminalException(int code, String message) {
    super(message);
    this.code = code;
  }

  public int code() {
    return code;
  }
}
