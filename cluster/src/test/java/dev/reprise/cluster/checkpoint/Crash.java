package dev.reprise.cluster.checkpoint;

/** The process is gone before this step. */
final class Crash extends RuntimeException {
  private static final long serialVersionUID = 1;

  Crash(String step) {
    super(step);
  }
}
