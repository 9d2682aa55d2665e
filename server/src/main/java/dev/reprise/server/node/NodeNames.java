package dev.reprise.server.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How a node is named that is told no name. */
final class NodeNames {
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
  private static final String NOBODY = "n1";

  private NodeNames() {}

  /**
   * As its directory has it: a container that is made anew over the same directory has another host
   * name, and is the same node. For a new directory the host's name: nodes that are started
   * together get different ones.
   */
  static String nameFor(Path baseDir) {
    String named = NodeDirectory.nodeName(baseDir);
    if (named != null) {
      return named;
    }
    try {
      String host = Files.readString(HOST).trim();
      return host.isEmpty() ? NOBODY : host;
    } catch (IOException e) {
      return System.getenv().getOrDefault("HOSTNAME", NOBODY);
    }
  }
}
