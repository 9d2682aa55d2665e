package dev.reprise.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The null endpoint in a process of its own, so that its CPU is not the load generator's. */
final class EndpointProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private EndpointProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it with this process's JVM, flags and classes; returns when it serves. */
  static EndpointProcess start(int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Main.class.getName(), "endpoint", "--port", Integer.toString(port)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String line = lines.readLine();
    if (line == null || !line.startsWith(EndpointCommand.READY)) {
      process.destroy();
      throw new IOException("Expected the endpoint to serve, but it said '" + line + "'");
    }
    return new EndpointProcess(
        process, Integer.parseInt(line.substring(EndpointCommand.READY.length())));
  }

  long pid() {
    return process.pid();
  }

  /** Where servers reach the streaming services. */
  String url() {
    return "http://127.0.0.1:" + port + "/b";
  }

  @Override
  public void close() {
    process.destroy();
  }
}
