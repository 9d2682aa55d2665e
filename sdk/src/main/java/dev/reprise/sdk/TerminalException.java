package dev.reprise.sdk;

import dev.reprise.sdk.core.ErrorCode;
import java.util.Map;

/**
 * Ends the invocation with a failure that is not retried. Any other exception fails only the
 * attempt: the server starts another one.
 */
public class TerminalException extends RuntimeException {
  private final int code;
  private final transient Map<String, String> metadata;

  public TerminalException(String message) {
    this(ErrorCode.INTERNAL, message);
  }

  /**
   * @param code as of HTTP: it becomes the status of the answer
   */
  public TerminalException(int code, String message) {
    this(code, message, Map.of());
  }

  /**
   * @param metadata for callers; an attempt of service protocol 5 cannot carry any and fails
   */
  public TerminalException(int code, String message, Map<String, String> metadata) {
    super(message);
    this.code = code;
    this.metadata = Map.copyOf(metadata);
  }

  public int code() {
    return code;
  }

  public Map<String, String> metadata() {
    return metadata;
  }
}
