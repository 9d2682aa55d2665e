package dev.reprise.server.invoker;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.server.endpoint.ResponseHead;
import dev.reprise.server.endpoint.StreamFailure;
import dev.reprise.server.invoker.frames.ProtocolViolation;
import dev.reprise.storage.model.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed. Every such failure may be retried.
 *
 * @param code what callers see if the policy is to end the invocation with this failure
 * @param docCode what to look up, such as {@code RT0012}
 * @param retryAfterMillis when the next attempt is to begin; -1 where the policy decides. Counted
 *     by the policy all the same: whoever always names a delay still comes to the policy's end
 * @param fromHandler whether user code had its say: then the next attempt is told of a retry
 * @param untouched whether a living endpoint has certainly not looked at the request
 */
record AttemptFailure(
    int code,
    String docCode,
    String message,
    long retryAfterMillis,
    boolean fromHandler,
    boolean untouched,
    Wish wish) {
  private static final String NO_ROUTE = "RT0011";
  private static final String NO_CALLEE = "RT0018";
  private static final int INTERNAL = 500;
  private static final int LARGEST_CODE = 65_535;

  /** What is to happen next. */
  enum Wish {
    /** What the retry policy says. */
    RETRY,
    PAUSE,
    FAIL,
    /** Another attempt as soon as there is room; nothing has failed. */
    YIELD
  }

  /** Whether somebody was named who is not registered, as far as this node knows. */
  boolean unknownName() {
    return docCode.equals(NO_ROUTE) || docCode.equals(NO_CALLEE);
  }

  static AttemptFailure of(String docCode, String message, boolean fromHandler) {
    return new AttemptFailure(INTERNAL, docCode, message, -1, fromHandler, false, Wish.RETRY);
  }

  static AttemptFailure violation(ProtocolViolation violation) {
    Wish wish = violation.pauses() ? Wish.PAUSE : Wish.RETRY;
    return new AttemptFailure(INTERNAL, violation.code(), violation.text(), -1, true, false, wish);
  }

  /** The node's memory is given to others; the next attempt begins when there is enough again. */
  static AttemptFailure yielded() {
    return new AttemptFailure(
        INTERNAL, "", "waits for memory of the node", -1, false, false, Wish.YIELD);
  }

  static AttemptFailure broken(StreamFailure failure) {
    boolean untouched = failure.untouched() && failure.kind() == StreamFailure.Kind.BROKEN;
    return new AttemptFailure(
        INTERNAL, "RT0010", failure.message(), -1, true, untouched, Wish.RETRY);
  }

  /** From a response whose status is not 200. */
  static AttemptFailure status(ResponseHead head) {
    int status = head.status();
    String text = "unexpected http status code: " + status;
    return switch (status) {
      case 502, 504 -> of("RT0010", text, true);
      case 429, 503 ->
          new AttemptFailure(
              INTERNAL, "RT0023", text, retryAfter(head.retryAfter()), true, false, Wish.RETRY);
      case 413 -> of("RT0019", text, true);
      case 415 -> new AttemptFailure(415, "RT0015", text, -1, false, false, Wish.RETRY);
      default -> of("RT0012", text, true);
    };
  }

  private static long retryAfter(@Nullable String header) {
    if (header == null) {
      return -1;
    }
    try {
      if (!header.isEmpty() && Character.isDigit(header.charAt(0))) {
        return Math.multiplyExact(Long.parseLong(header.trim()), 1_000L);
      }
      ZonedDateTime at = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Math.max(0, Duration.between(ZonedDateTime.now(at.getZone()), at).toMillis());
    } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
      return -1;
    }
  }

  /** From the frame in which an SDK says that the attempt failed. */
  static AttemptFailure said(ErrorMessage error) {
    int code = error.getCode();
    Wish wish =
        switch (error.getBehavior()) {
          case PAUSE -> Wish.PAUSE;
          case FAIL -> Wish.FAIL;
          case RETRY, UNRECOGNIZED -> Wish.RETRY;
        };
    long delay = error.hasNextRetryDelay() ? Math.max(0, error.getNextRetryDelay()) : -1;
    int seen = code <= 0 || code > LARGEST_CODE ? INTERNAL : code;
    return new AttemptFailure(seen, docCode(code), text(error), delay, true, false, wish);
  }

  private static String docCode(int code) {
    return switch (code) {
      case 570 -> "RT0016";
      case 571 -> "RT0012";
      default -> "RT0007";
    };
  }

  private static String text(ErrorMessage error) {
    if (!error.hasRelatedCommandIndex() && !error.hasRelatedCommandName()) {
      return error.getMessage();
    }
    String type =
        error.hasRelatedCommandType() ? MessageType.nameOf(error.getRelatedCommandType()) : "";
    String name = error.getRelatedCommandName();
    return error.getMessage()
        + " (related command: "
        + (type.isEmpty() ? "" : type + " ")
        + (name.isEmpty() ? "" : "'" + name + "' ")
        + "[index "
        + Integer.toUnsignedString(error.getRelatedCommandIndex())
        + "])";
  }

  /** For a person. */
  String reason() {
    return docCode.isEmpty() ? message : docCode + ": " + message;
  }

  Outcome.Failure outcome() {
    return new Outcome.Failure(code, message);
  }
}
