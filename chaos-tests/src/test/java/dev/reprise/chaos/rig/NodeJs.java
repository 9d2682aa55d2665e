package dev.reprise.chaos.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Node that runs what is written in TypeScript. */
public final class NodeJs {
  private static final int OLDEST = 20;
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.");

  private NodeJs() {}

  /** What is missing for TypeScript to be run; empty when nothing is. */
  public static String missing() throws IOException, InterruptedException {
    String version;
    try {
      Process node = new ProcessBuilder("node", "--version").redirectErrorStream(true).start();
      version = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      node.waitFor();
    } catch (IOException e) {
      return "Expected Node " + OLDEST + " or newer on the PATH, but there is none";
    }
    Matcher matcher = VERSION.matcher(version);
    boolean newEnough = matcher.find() && Integer.parseInt(matcher.group(1)) >= OLDEST;
    return newEnough ? "" : "Expected Node " + OLDEST + " or newer, but it is " + version;
  }
}
