package dev.reprise.sdk;

/** What becomes of an invocation whose attempt failed. Counts since service protocol 7. */
public enum AfterFailure {
  /** Another attempt, as the invocation's policy says. */
  RETRY,
  /** Nothing, until somebody resumes it. */
  PAUSE,
  /** It ends with this failure. */
  FAIL
}
