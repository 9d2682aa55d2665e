package dev.reprise.sdk.core;

/** How far an await came. */
public enum Progress {
  /** The result can be taken. */
  RESOLVED,
  /** The invocation was cancelled while it waited; its calls were told. */
  CANCELLED,
  /** Another message, or the end of a run, is needed. Write what is buffered and wait. */
  BLOCKED,
  /** The attempt is over until one of the awaited notifications arrives. */
  SUSPENDED
}
