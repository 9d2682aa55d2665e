package dev.reprise.conformance;

import dev.reprise.chaos.rig.NodeJs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Set;

/** The official SDK that the services are written with. */
public enum Sdk {
  TYPESCRIPT("TypeScript"),
  JAVA("Java");

  private final String label;

  Sdk(String label) {
    this.label = label;
  }

  /**
   * Those whose services can be started here. That of TypeScript is left out, with a line, where
   * there is no Node or nothing is installed, unless {@code REPRISE_CI=1}.
   */
  static Set<Sdk> present() throws IOException, InterruptedException {
    String missing = NodeJs.missing();
    if (missing.isEmpty() && !Files.isDirectory(Services.project().resolve("node_modules"))) {
      missing =
          "Expected npm ci to have been run in "
              + Services.project()
              + ", but there is no node_modules";
    }
    if (missing.isEmpty()) {
      return EnumSet.allOf(Sdk.class);
    }
    if ("1".equals(System.getenv("REPRISE_CI"))) {
      throw new AssertionError(missing);
    }
    System.out.println("[conformance] TypeScript is skipped: " + missing);
    return EnumSet.of(JAVA);
  }

  @Override
  public String toString() {
    return label;
  }
}
