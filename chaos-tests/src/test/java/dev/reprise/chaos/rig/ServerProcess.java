package dev.reprise.chaos.rig;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real server in a process of its own, with the launcher's flags; with {@code
 * -Dstorm.launcher=true} started by the launcher itself, and as fast as that. It keeps its
 * directory and its ports over {@link #kill} and {@link #restart}. To be used by one thread at a
 * time; the clients it hands out by many.
 */
public final class ServerProcess implements AutoCloseable {
  private static final boolean LAUNCHER = Boolean.getBoolean("storm.launcher");

  /** The launcher may build and train first. */
  private static final Duration START = Duration.ofSeconds(LAUNCHER ? 240 : 60);

  private final Path directory;
  private final Path temporary;
  private final List<String> flags;
  private final Map<String, String> environment;
  private JavaProcess process;
  private Map<String, String> ready;

  private ServerProcess(
      Path directory, Path temporary, List<String> flags, Map<String, String> environment) {
    this.directory = directory;
    this.temporary = temporary;
    this.flags = flags;
    this.environment = environment;
    this.process = launch(Map.of());
    this.ready = awaitReady();
  }

  /**
   * Starts it on free ports, and returns when it serves.
   *
   * @param temporary for what a killed process leaves behind, such as its copy of a native library
   * @param environment beside this process's own
   */
  static ServerProcess start(
      Path directory, Path temporary, Map<String, String> environment, String... flags) {
    return new ServerProcess(directory, temporary, List.of(flags), environment);
  }

  private List<String> jvmFlags() {
    List<String> jvm = new ArrayList<>();
    jvm.add(temporaryFlag());
    if (Runtime.version().feature() >= 24) {
      jvm.add("-XX:+UseCompactObjectHeaders");
    }
    jvm.addAll(
        List.of(
            "-XX:+UseParallelGC",
            "-Xms64m",
            "-Xmx" + System.getProperty("storm.heap", "1g"),
            "-XX:MaxDirectMemorySize=512m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dio.netty.noUnsafe=false",
            "-cp",
            System.getProperty("storm.server.classpath", JavaProcess.productClassPath())));
    return jvm;
  }

  private JavaProcess launch(Map<String, String> at) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "server",
                "--base-dir",
                directory.toString(),
                "--bind-host",
                "127.0.0.1",
                "--ingress-port",
                port(at, "ingress"),
                "--admin-port",
                port(at, "admin"),
                "--grpc-port",
                port(at, "grpc"),
                "--node-port",
                port(at, "node")));
    arguments.addAll(flags);
    if (LAUNCHER) {
      arguments.addFirst(Path.of(System.getProperty("reprise.root", ".."), "reprise").toString());
      ProcessBuilder launcher = new ProcessBuilder(arguments);
      launcher.environment().putAll(environment);
      launcher.environment().put("REPRISE_JAVA_OPTS", temporaryFlag());
      return JavaProcess.start("server", launcher);
    }
    return JavaProcess.start(
        "server", jvmFlags(), "dev.reprise.server.node.Main", arguments, environment);
  }

  private String temporaryFlag() {
    return "-Djava.io.tmpdir=" + temporary;
  }

  private static String port(Map<String, String> at, String door) {
    String address = at.getOrDefault(door, ":0");
    return address.substring(address.lastIndexOf(':') + 1);
  }

  private Map<String, String> awaitReady() {
    String line = process.awaitLine(it -> it.startsWith("ready "), START);
    Map<String, String> words = new HashMap<>();
    for (String word : line.substring("ready ".length()).split(" ", -1)) {
      int equals = word.indexOf('=');
      words.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return words;
  }

  /** {@code kill -9}; returns when the process is gone. */
  public void kill() {
    process.kill();
  }

  /** Ends it in order. */
  public void stop() {
    process.stop();
  }

  /** Starts it again where it was; returns when it serves. */
  public void restart() {
    if (process.isAlive()) {
      process.kill();
    }
    process = launch(ready);
    ready = awaitReady();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public JavaProcess process() {
    return process;
  }

  public IngressClient ingress() {
    return new IngressClient(URI.create(word("ingress")));
  }

  public AdminClient admin() {
    return new AdminClient(URI.create(word("admin")), grpc());
  }

  /** Host and port of the gRPC door. */
  public String grpc() {
    return word("grpc");
  }

  public long startedInMillis() {
    return Long.parseLong(word("started_in_ms"));
  }

  /** Log entries that were told again at the last start. */
  public long replayed() {
    return Long.parseLong(word("replayed"));
  }

  private String word(String name) {
    String value = ready.get(name);
    if (value == null) {
      throw new AssertionError("Expected " + name + " in the ready line, but it has " + ready);
    }
    return value;
  }

  public String tail() {
    return process.tail();
  }

  @Override
  public void close() {
    process.close();
  }
}
