package dev.reprise.cluster.engine;

/** Checks that stay on in production. A broken one discards its command and nothing else. */
public final class Invariant {
  private Invariant() {}

  /** Throws unless the condition holds; the message says what was expected and what is. */
  public static void hold(boolean condition, String message) {
    if (!condition) {
      throw new Broken(message);
    }
  }

  /** What was to be true for ever is not. */
  public static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Broken(String message) {
      super(message);
    }
  }
}
