package dev.reprise.cli;

/** A command that failed in a way that a person can do something about. */
final class CliException extends RuntimeException {
  static final int FAILURE = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;

  private final int exitCode;
  private final String nextStep;

  /**
   * A failure.
   *
   * @param message what is wrong
   * @param nextStep what to do about it
   */
  CliException(int exitCode, String message, String nextStep) {
    super(message);
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }

  int exitCode() {
    return exitCode;
  }

  String nextStep() {
    return nextStep;
  }
}
