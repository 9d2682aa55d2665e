package dev.reprise.server.invoker.frames;

/**
 * What an endpoint sent may not be sent, or what it is to be told cannot be. Ends its attempt and
 * nothing else. Has no stack trace.
 */
public final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final boolean pauses;

  public ProtocolViolation(String message) {
    this("RT0012", message);
  }

  public ProtocolViolation(String code, String message) {
    this(code, message, false);
  }

  private ProtocolViolation(String code, String message, boolean pauses) {
    super(message, null, false, false);
    this.code = code;
    this.pauses = pauses;
  }

  /** One that each further attempt would meet again: the invocation is paused. */
  public static ProtocolViolation pausing(String code, String message) {
    return new ProtocolViolation(code, message, true);
  }

  /** Something needs more memory at once than one invocation may have. */
  public static ProtocolViolation tooLarge(String what, long bytes, long limit) {
    return pausing(
        "RT0003",
        "Expected an invocation to need at most "
            + limit
            + " bytes of memory at once, but "
            + what
            + " has "
            + bytes);
  }

  public String code() {
    return code;
  }

  public boolean pauses() {
    return pauses;
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
