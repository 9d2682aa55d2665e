package dev.reprise.chaos.rig;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs written with the official SDK for TypeScript. A test that needs them is skipped
 * where there is no Node or nothing is installed, unless {@code REPRISE_CI=1}.
 */
public final class NodeProject {
  private static final int OLDEST_NODE = 20;
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.");

  private NodeProject() {}

  /** Its directory, or the end of the test. */
  public static Path expect() throws IOException, InterruptedException {
    Path project = Path.of(System.getProperty("reprise.root", ".."), "examples", "typescript");
    expectNode();
    if (!Files.isDirectory(project.resolve("node_modules"))) {
      missing("Expected npm ci to have been run in " + project + ", but there is no node_modules");
    }
    return project;
  }

  private static void expectNode() throws IOException, InterruptedException {
    String version;
    try {
      Process node = new ProcessBuilder("node", "--version").redirectErrorStream(true).start();
      version = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      node.waitFor();
    } catch (IOException e) {
      missing("Expected Node " + OLDEST_NODE + " or newer on the PATH, but there is none");
      return;
    }
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.find() || Integer.parseInt(matcher.group(1)) < OLDEST_NODE) {
      missing("Expected Node " + OLDEST_NODE + " or newer, but it is " + version);
    }
  }

  private static void missing(String what) {
    if ("1".equals(System.getenv("REPRISE_CI"))) {
      throw new AssertionError(what);
    }
    System.out.println("[storm] skipped: " + what);
    abort(what);
  }
}
