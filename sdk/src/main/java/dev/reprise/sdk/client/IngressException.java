package dev.reprise.sdk.client;

import org.jspecify.annotations.Nullable;

/**
 * The server did not take a request, or its answer did not arrive. Of the latter it is unknown
 * whether the invocation runs: ask again with the same idempotency key. How an invocation itself
 * failed is said by a {@link dev.reprise.sdk.TerminalException}.
 */
public final class IngressException extends RuntimeException {
  /** No answer. */
  public static final int NONE = 0;

  private final int status;

  IngressException(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** Of HTTP; {@link #NONE} when no answer arrived. */
  public int status() {
    return status;
  }
}
