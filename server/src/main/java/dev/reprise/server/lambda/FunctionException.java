package dev.reprise.server.lambda;

/** A function did not answer, or not as it should. The message is for a person. */
final class FunctionException extends Exception {
  private static final long serialVersionUID = 1;

  FunctionException(String message) {
    super(message, null, false, false);
  }
}
