package dev.reprise.sdk.runtime;

import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.sdk.core.ErrorCode;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Exceptions of user code, as the server is told about them. */
final class Errors {
  private static final int MAX_STACKTRACE = 16 * 1024;

  private Errors() {}

  static ErrorMessage.Builder message(Throwable failure) {
    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    String text = trace.toString();
    return ErrorMessage.newBuilder()
        .setCode(ErrorCode.INTERNAL)
        .setMessage(failure.toString())
        .setStacktrace(text.substring(0, Math.min(text.length(), MAX_STACKTRACE)));
  }
}
