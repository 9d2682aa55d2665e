package dev.reprise.sdk.core;

/** Codes of failures that the protocol itself defines, beside HTTP's. */
public final class ErrorCode {
  public static final int BAD_REQUEST = 400;
  public static final int TIMED_OUT = 408;
  public static final int CANCELLED = 409;
  public static final int TOO_LARGE = 413;
  public static final int INTERNAL = 500;
  public static final int JOURNAL_MISMATCH = 570;
  public static final int PROTOCOL_VIOLATION = 571;
  public static final int UNSUPPORTED_FEATURE = 573;

  private ErrorCode() {}
}
