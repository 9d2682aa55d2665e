package dev.reprise.chaos.rig;

import dev.reprise.sdk.http.Endpoint;
import dev.reprise.sdk.http.ServingEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test of the storm starts, and what it leaves nothing of: processes, endpoints,
 * directories. When a test fails, it shows what its processes said last.
 *
 * <p>{@code -Dstorm.seed=N} repeats the choices of a run, though not its interleavings.
 */
public final class Storm implements BeforeEachCallback, AfterEachCallback {
  private static final Duration CLOSE = Duration.ofMinutes(3);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Deque<Supplier<String>> tails = new ArrayDeque<>();
  private final long seed = Long.getLong("storm.seed", System.nanoTime());
  private String test = "";

  @Override
  public void beforeEach(ExtensionContext context) {
    test = context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName();
  }

  /** The test's chance; how to repeat it is printed. */
  public SplittableRandom random() {
    say("seed %d; repeat with -Dstorm.seed=%d", seed, seed);
    return new SplittableRandom(seed);
  }

  /** A line for whoever reads the test's output. */
  @SuppressWarnings("AnnotateFormatMethod") // Its annotation would be a dependency for one line.
  public void say(String format, Object... arguments) {
    System.out.println("[storm] " + test + ": " + String.format(format, arguments));
  }

  /** Skips the test, with a line, where only the short ones are wanted. */
  public void onlyInFull() {
    boolean full = "1".equals(System.getenv("REPRISE_CI")) || Boolean.getBoolean("storm.full");
    if (!full) {
      say("skipped: it takes minutes; -Dstorm.full=true runs it, and so does REPRISE_CI=1");
    }
    Assumptions.assumeTrue(full, "only with -Dstorm.full=true or REPRISE_CI=1");
  }

  /** A new, empty directory that goes with the test. */
  public Path directory() {
    try {
      Path made = Files.createTempDirectory("storm-");
      open.push(() -> delete(made));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("Expected a directory", e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A real server on a directory of its own. */
  public ServerProcess server(String... flags) {
    return serverAt(directory(), flags);
  }

  /** A real server on this directory. */
  public ServerProcess serverAt(Path directory, String... flags) {
    return start(directory, Map.of(), flags);
  }

  /** A real server with more in its environment. */
  public ServerProcess serverWith(Map<String, String> environment, String... flags) {
    return start(directory(), environment, flags);
  }

  private ServerProcess start(Path directory, Map<String, String> environment, String... flags) {
    ServerProcess server = ServerProcess.start(directory, directory(), environment, flags);
    tails.push(server::tail);
    open.push(server);
    return server;
  }

  /** Services in this process, on a free port. */
  public ServingEndpoint serve(Object... services) {
    return serveAt(0, services);
  }

  /** Services in this process, on this port. */
  public ServingEndpoint serveAt(int port, Object... services) {
    ServingEndpoint endpoint = Endpoint.bind(services).listen(port);
    open.push(endpoint);
    return endpoint;
  }

  /** Services in a process of their own; each class has a constructor of (Effects, int life). */
  public ServiceProcess process(Effects effects, Class<?>... services) {
    ServiceProcess process = new ServiceProcess(effects.file(), List.of(services));
    tails.push(process::tail);
    open.push(process);
    return process;
  }

  /**
   * The services of {@code transports.ts}, reached in this way.
   *
   * @return the port that they are at
   */
  public int transports(String way, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder program =
        new ProcessBuilder("node", "--import", "tsx", "test/transports.ts", way);
    program.directory(NodeProject.expect().toFile());
    program.environment().putAll(environment);
    JavaProcess process = JavaProcess.start(way, program);
    tails.push(process::tail);
    open.push(process);
    String line = process.awaitLine(it -> it.startsWith("serving on "), Duration.ofMinutes(1));
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  public Effects effects() {
    return new Effects(directory().resolve("effects"));
  }

  /** Something else that must be closed when the test is over, before what was started earlier. */
  public <T extends AutoCloseable> T add(T closeable) {
    open.push(closeable);
    return closeable;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (context.getExecutionException().isPresent()) {
      tails.forEach(it -> System.out.println(it.get()));
    }
    Throwable first = null;
    while (!open.isEmpty()) {
      try {
        close(open.pop());
      } catch (Exception | AssertionError e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw new AssertionError("Expected everything to close in order, but: " + first, first);
    }
  }

  private static void printStacks() {
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              System.out.println(thread);
              for (StackTraceElement frame : frames) {
                System.out.println("  at " + frame);
              }
            });
  }

  /** What does not end must fail the test, not keep all others from being run. */
  private static void close(AutoCloseable opened) throws Exception {
    AtomicReference<Exception> failure = new AtomicReference<>();
    Thread closing =
        Thread.ofPlatform()
            .daemon()
            .name("storm-closing")
            .start(
                () -> {
                  try {
                    opened.close();
                  } catch (Exception e) {
                    failure.set(e);
                  }
                });
    if (!closing.join(CLOSE)) {
      printStacks();
      throw new AssertionError("Expected " + opened + " to close within " + CLOSE);
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }
}
