package dev.reprise.server.node;

/** Which Reprise this is. */
final class Version {
  private Version() {}

  /** As the build wrote it into the jar; {@code dev} outside of one. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
