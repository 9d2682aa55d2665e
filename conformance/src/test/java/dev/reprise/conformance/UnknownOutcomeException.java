package dev.reprise.conformance;

import java.io.IOException;

/** The server does not know whether something was done; the message is what it said. */
final class UnknownOutcomeException extends IOException {
  private static final long serialVersionUID = 1;

  UnknownOutcomeException(String message) {
    super(message);
  }
}
