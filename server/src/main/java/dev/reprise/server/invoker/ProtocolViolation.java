package dev.reprise.server.invoker;

/** What an endpoint sent may not be sent. Ends its attempt and nothing else. Has no stack trace. */
final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;

  ProtocolViolation(String message) {
    this("RT0012", message);
  }

  ProtocolViolation(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
