package dev.reprise.conformance;

/** How services and server are set up while the rows run. */
public enum Setting {
  DEFAULT("default"),
  /** Inactivity timeout 0: every wait is put away at once, and resumed by a new attempt. */
  SUSPEND("suspend"),
  /** State comes only when it is asked for. */
  LAZY("lazy"),
  /** The services as by default; whoever gives the server's address gives it one partition. */
  SINGLE("single"),
  /**
   * The services as by default; the server speaks service protocol 7 and knows scopes. Whoever
   * gives its address says so.
   */
  SEVEN("protocol 7");

  private final String label;

  Setting(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
