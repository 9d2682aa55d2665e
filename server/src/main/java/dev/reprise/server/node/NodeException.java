package dev.reprise.server.node;

/** Why a node does not start; the message is for whoever started it. */
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NodeException(String message) {
    super(message);
  }

  public NodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
