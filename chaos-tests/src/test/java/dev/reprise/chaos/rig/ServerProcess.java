package dev.reprise.chaos.rig;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final List<String> MORE_FLAGS =
      Arrays.stream(System.getProperty("storm.jvm", "").split(" ", -1))
          .filter(it -> !it.isEmpty())
          .toList();

  private static final String LOCALHOST = "127.0.0.1";

  /** The launcher may build and train first; others may keep the machine busy. */
  private static final Duration START = Duration.ofSeconds(LAUNCHER ? 240 : 120);

  private final Setup setup;
  private JavaProcess process;
  private Map<String, String> ready;
  private boolean served;

  /**
   * What a server is started with.
   *
   * @param temporary for what a killed process leaves behind, such as its copy of a native library
   * @param environment beside this process's own
   * @param flags of the server, beside those of its directory and its ports
   * @param before stands before the server's own class path; empty for nothing
   * @param host where it listens
   * @param at addresses of its doors by their names in the ready line; a free port for the others
   */
  record Setup(
      Path directory,
      Path temporary,
      Map<String, String> environment,
      List<String> flags,
      String before,
      String host,
      Map<String, String> at) {}

  private ServerProcess(Setup setup) {
    this.setup = setup;
    this.ready = setup.at();
    this.process = launch(ready);
  }

  /** Starts it on free ports, and returns when it serves. */
  static ServerProcess start(
      Path directory, Path temporary, Map<String, String> environment, String... flags) {
    ServerProcess server =
        launched(
            new Setup(directory, temporary, environment, List.of(flags), "", LOCALHOST, Map.of()));
    server.awaitReady();
    return server;
  }

  /** Starts it, and does not wait until it serves. */
  static ServerProcess launched(Setup setup) {
    return new ServerProcess(setup);
  }

  private List<String> jvmFlags() {
    List<String> jvm = new ArrayList<>();
    jvm.add(temporaryFlag());
    if (Runtime.version().feature() >= 24) {
      jvm.add("-XX:+UseCompactObjectHeaders");
    }
    // More for all servers of a run, such as -XX:TieredStopAtLevel=1 where processors are few.
    jvm.addAll(MORE_FLAGS);
    jvm.addAll(
        List.of(
            "-XX:+UseParallelGC",
            "-Xms64m",
            "-Xmx" + System.getProperty("storm.heap", "1g"),
            "-XX:MaxDirectMemorySize=512m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dio.netty.noUnsafe=false",
            "-cp",
            setup.before()
                + System.getProperty("storm.server.classpath", JavaProcess.productClassPath())));
    return jvm;
  }

  private JavaProcess launch(Map<String, String> at) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "server",
                "--base-dir",
                setup.directory().toString(),
                "--bind-host",
                setup.host(),
                "--ingress-port",
                port(at, "ingress"),
                "--admin-port",
                port(at, "admin"),
                "--grpc-port",
                port(at, "grpc"),
                "--node-port",
                port(at, "node")));
    arguments.addAll(setup.flags());
    if (LAUNCHER) {
      arguments.addFirst(Path.of(System.getProperty("reprise.root", ".."), "reprise").toString());
      ProcessBuilder launcher = new ProcessBuilder(arguments);
      launcher.environment().putAll(setup.environment());
      launcher.environment().put("REPRISE_JAVA_OPTS", temporaryFlag());
      return JavaProcess.start("server", launcher);
    }
    return JavaProcess.start(
        "server",
        jvmFlags(),
        "dev.reprise.server.node.Main",
        arguments,
        setup.environment(),
        setup.temporary().resolve("output.log"));
  }

  private String temporaryFlag() {
    return "-Djava.io.tmpdir=" + setup.temporary();
  }

  private static String port(Map<String, String> at, String door) {
    String address = at.getOrDefault(door, ":0");
    return address.substring(address.lastIndexOf(':') + 1);
  }

  /** Returns when it serves, or has served: what it said then may be forgotten by now. */
  void awaitReady() {
    if (served) {
      return;
    }
    String line = process.awaitLine(it -> it.startsWith("ready "), START);
    Map<String, String> words = new HashMap<>();
    for (String word : line.substring("ready ".length()).split(" ", -1)) {
      int equals = word.indexOf('=');
      words.put(word.substring(0, equals), word.substring(equals + 1));
    }
    ready = words;
    served = true;
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
    relaunch();
    awaitReady();
  }

  /** Starts it again where it was, and does not wait until it serves. */
  void relaunch() {
    if (process.isAlive()) {
      process.kill();
    }
    served = false;
    process = launch(ready);
  }

  /** Holds the process where it is, or lets it go on. */
  void pause(boolean hold) {
    process.signal(hold ? "STOP" : "CONT");
  }

  Path directory() {
    return setup.directory();
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
