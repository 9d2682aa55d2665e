package dev.reprise.conformance;

/** The official SDK that the services are written with. */
public enum Sdk {
  TYPESCRIPT("TypeScript"),
  JAVA("Java");

  private final String label;

  Sdk(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
