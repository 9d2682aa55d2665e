package dev.reprise.chaos.rig;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The programs written with the official SDK for TypeScript. A test that needs them is skipped
 * where there is no Node or nothing is installed, unless {@code REPRISE_CI=1}.
 */
public final class NodeProject {
  private NodeProject() {}

  /** Its directory, or the end of the test. */
  public static Path expect() throws IOException, InterruptedException {
    Path project = Path.of(System.getProperty("reprise.root", ".."), "examples", "typescript");
    String node = NodeJs.missing();
    if (!node.isEmpty()) {
      missing(node);
    }
    if (!Files.isDirectory(project.resolve("node_modules"))) {
      missing("Expected npm ci to have been run in " + project + ", but there is no node_modules");
    }
    return project;
  }

  private static void missing(String what) {
    if ("1".equals(System.getenv("REPRISE_CI"))) {
      throw new AssertionError(what);
    }
    System.out.println("[storm] skipped: " + what);
    abort(what);
  }
}
