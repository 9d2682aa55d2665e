package dev.reprise.sdk;

import dev.reprise.sdk.core.ErrorCode;

/**
 * The invocation was cancelled while it waited. What it called is being cancelled too. Whoever
 * catches it may wait for other things, to undo what was done.
 */
public final class CancelledException extends TerminalException {
  public CancelledException() {
    super(ErrorCode.CANCELLED, "Cancelled");
  }
}
