package dev.reprise.chaos.rig;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A JVM of its own, which can die without a word. Safe for use by many threads. */
public final class JavaProcess implements AutoCloseable {
  private static final int TAIL_LINES = 2000;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Process process;
  private final Deque<String> lines = new ArrayDeque<>();
  private final List<Thread> readers = new ArrayList<>();
  private final @Nullable Path copy;

  private JavaProcess(String name, Process process, @Nullable Path copy) {
    this.name = name;
    this.process = process;
    this.copy = copy;
    readers.add(read(process.inputReader(StandardCharsets.UTF_8)));
    readers.add(read(process.errorReader(StandardCharsets.UTF_8)));
  }

  /** Starts a main class of this build. */
  public static JavaProcess start(
      String name, List<String> jvmFlags, String mainClass, List<String> arguments) {
    return start(name, jvmFlags, mainClass, arguments, Map.of());
  }

  /** Starts a main class of this build, with more in its environment. */
  public static JavaProcess start(
      String name,
      List<String> jvmFlags,
      String mainClass,
      List<String> arguments,
      Map<String, String> environment) {
    return start(name, jvmFlags, mainClass, arguments, environment, null);
  }

  /** The same; all that it says is also added to this file. */
  static JavaProcess start(
      String name,
      List<String> jvmFlags,
      String mainClass,
      List<String> arguments,
      Map<String, String> environment,
      @Nullable Path copy) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    // As the launcher does: docs/decisions/0007.
    command.add("-XX:+UnlockDiagnosticVMOptions");
    command.add("-XX:EliminateAllocationArraySizeLimit=0");
    if (Runtime.version().feature() >= 24) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(jvmFlags);
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return start(name, builder, copy);
  }

  /** Starts any program. */
  public static JavaProcess start(String name, ProcessBuilder builder) {
    return start(name, builder, null);
  }

  private static JavaProcess start(String name, ProcessBuilder builder, @Nullable Path copy) {
    try {
      Process process = builder.start();
      RUNNING.add(process);
      return new JavaProcess(name, process, copy);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to start " + name, e);
    }
  }

  /** What this JVM runs with. */
  public static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** The same without tests and examples, whose settings are not the server's. */
  public static String productClassPath() {
    return Arrays.stream(classPath().split(File.pathSeparator, -1))
        .filter(it -> !it.contains("test-classes") && !it.endsWith("-tests.jar"))
        .filter(it -> !it.contains("examples"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Thread read(BufferedReader output) {
    return Thread.ofPlatform()
        .daemon()
        .name(name + "-output")
        .start(
            () -> {
              try (output) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                  add(line);
                }
              } catch (IOException e) {
                add("(output closed: " + e.getMessage() + ")");
              }
            });
  }

  private synchronized void add(String line) {
    lines.add(line);
    if (lines.size() > TAIL_LINES) {
      lines.remove();
    }
    if (copy != null) {
      try {
        Files.writeString(copy, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        // The last lines are still there.
      }
    }
    notifyAll();
  }

  /**
   * The first line among the last ones that satisfies.
   *
   * @throws AssertionError with the tail, when it does not come in time or the process ends
   */
  public synchronized String awaitLine(Predicate<String> wanted, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      for (String line : lines) {
        if (wanted.test(line)) {
          return line;
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0 || !process.isAlive()) {
        throw new AssertionError(
            "Expected a line of %s within %s, but %s%n%s"
                .formatted(name, deadline, process.isAlive() ? "none came" : "it ended", tail()));
      }
      try {
        wait(Math.min(left, 50));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("Interrupted while waiting for " + name, e);
      }
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** What it said last. */
  public synchronized String tail() {
    return "---- " + name + " ----\n" + String.join("\n", lines);
  }

  /** {@code kill -9}; returns when the process is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(60));
  }

  /** Sends it a signal, by its name. */
  public void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("Expected to send " + name + " to " + this.name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to run kill", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while signalling " + this.name, e);
    }
  }

  /** Asks it to end, and returns when it has; kills it when that takes too long. */
  public void stop() {
    process.destroy();
    try {
      if (process.waitFor(20, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
  }

  /**
   * Returns its exit code.
   *
   * @throws AssertionError with the tail, when it does not end in time
   */
  public int awaitEnd(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "Expected %s to end within %s%n%s".formatted(name, deadline, tail()));
      }
      RUNNING.remove(process);
      for (Thread reader : readers) {
        reader.join(1_000);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new AssertionError("Interrupted while " + name + " ended", e);
    }
  }

  /** Kills it, and what it has started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
