package dev.reprise.conformance;

import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.conformance.services.JavaServices;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A running endpoint of an official SDK. */
public interface Services extends AutoCloseable {
  URI uri();

  @Override
  void close();

  /**
   * Starts an endpoint on a free port of this machine.
   *
   * @param edition what the edition service answers
   * @param only the services to serve; all when empty
   */
  static Services start(
      Sdk sdk, Setting setting, Outside outside, String edition, Set<String> only) {
    return switch (sdk) {
      case TYPESCRIPT -> new Node(setting, outside, edition, only);
      case JAVA -> new InProcess(setting, outside, edition, only);
    };
  }

  /** Where the TypeScript services are. */
  static Path project() {
    return Path.of(System.getProperty("reprise.root", "."), "conformance", "typescript");
  }

  /** The official Java SDK, in this process. */
  final class InProcess implements Services {
    private final JavaServices services;

    private InProcess(Setting setting, Outside outside, String edition, Set<String> only) {
      services =
          JavaServices.start(
              outside, setting == Setting.SUSPEND, setting == Setting.LAZY, edition, only);
    }

    @Override
    public URI uri() {
      return services.uri();
    }

    @Override
    public void close() {
      services.close();
    }
  }

  /** The official TypeScript SDK, in a process of its own. */
  final class Node implements Services {
    private static final Duration START = Duration.ofMinutes(1);
    private static final String READY = "services on ";

    private final JavaProcess process;
    private final int port;

    private Node(Setting setting, Outside outside, String edition, Set<String> only) {
      ProcessBuilder node = new ProcessBuilder("node", "--import", "tsx", "src/serve.ts");
      node.directory(project().toFile());
      Map<String, String> environment = node.environment();
      environment.put("OUTSIDE", outside.uri().toString());
      environment.put("EDITION", edition);
      environment.put("SUSPEND", setting == Setting.SUSPEND ? "1" : "0");
      environment.put("LAZY", setting == Setting.LAZY ? "1" : "0");
      environment.putIfAbsent("RESTATE_LOGGING", "ERROR");
      if (!only.isEmpty()) {
        environment.put("ONLY", String.join(",", only));
      }
      process = JavaProcess.start("services", node);
      String line = process.awaitLine(it -> it.startsWith(READY), START);
      port = Integer.parseInt(line.substring(READY.length()));
    }

    @Override
    public URI uri() {
      return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
