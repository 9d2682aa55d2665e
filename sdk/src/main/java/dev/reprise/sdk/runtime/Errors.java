package dev.reprise.sdk.runtime;

import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.ErrorMessage.Behavior;
import dev.reprise.sdk.AfterFailure;
import dev.reprise.sdk.AttemptFailedException;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.core.ErrorCode;
import dev.reprise.sdk.core.NotificationResult;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Exceptions of user code, as the server is told about them, and back. */
final class Errors {
  private static final int MAX_STACKTRACE = 16 * 1024;

  private Errors() {}

  static ErrorMessage.Builder message(Throwable failure) {
    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    String text = trace.toString();
    var message =
        ErrorMessage.newBuilder()
            .setCode(ErrorCode.INTERNAL)
            .setMessage(failure.toString())
            .setStacktrace(text.substring(0, Math.min(text.length(), MAX_STACKTRACE)));
    if (failure instanceof AttemptFailedException told) {
      message.setBehavior(behavior(told.next()));
      if (told.retryAfter() != null) {
        message.setNextRetryDelay(told.retryAfter().toMillis());
      }
    }
    return message;
  }

  static Behavior behavior(AfterFailure next) {
    return switch (next) {
      case RETRY -> Behavior.RETRY;
      case PAUSE -> Behavior.PAUSE;
      case FAIL -> Behavior.FAIL;
    };
  }

  static NotificationResult.Failed failed(TerminalException failure) {
    return new NotificationResult.Failed(
        failure.code(), String.valueOf(failure.getMessage()), failure.metadata());
  }

  static TerminalException exception(NotificationResult.Failed failed) {
    return new TerminalException(failed.code(), failed.message(), failed.metadata());
  }
}
