package dev.reprise.server.ingress;

/** A request that a door answers itself, with an error. Carries no stack: it is no defect. */
public final class Refused extends RuntimeException {
  /** Why, in a word that stays. The number is what HTTP says for it. */
  public enum Reason {
    MALFORMED_REQUEST(400),
    BAD_PATH(400),
    BAD_ID(400),
    BAD_DELAY(400),
    BAD_HEADER(400),
    BAD_IDEMPOTENCY_KEY(400),
    BAD_INPUT(400),
    BAD_RANGE(400),
    BAD_DEPLOYMENT(400),
    HANDLER_NOT_PUBLIC(400),
    BAD_SCOPE(400),
    BAD_LIMIT_KEY(400),
    SCOPE_NOT_SUPPORTED(400),
    NOT_FOUND(404),
    SERVICE_NOT_FOUND(404),
    HANDLER_NOT_FOUND(404),
    INVOCATION_NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    ALREADY_INVOKED(409),
    ALREADY_COMPLETED(409),
    ALREADY_DECIDED(409),
    NOT_COMPLETED(409),
    NOT_RUNNING(409),
    DEPLOYMENT_FIXED(409),
    OTHER_VERSION(409),
    NOT_KEPT(410),
    BODY_TOO_LARGE(413),
    NOT_SUPPORTED(422),
    NOT_STARTED(425),
    TOO_MANY_REQUESTS(429),
    NOT_READY(470),
    OUTCOME_NOT_RETAINED(400),
    UNAVAILABLE(503),
    OUTCOME_UNKNOWN(503);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  private final Reason reason;

  /**
   * A refusal.
   *
   * @param message says what was expected, fit for a client's eyes
   */
  public Refused(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** What a client is told. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
