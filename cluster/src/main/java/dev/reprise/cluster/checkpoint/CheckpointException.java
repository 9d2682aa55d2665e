package dev.reprise.cluster.checkpoint;

/** A checkpoint cannot be had, now or from there. The message says who lacks what. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Without a cause. */
  public CheckpointException(String message) {
    super(message);
  }

  /** With the failure underneath. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
