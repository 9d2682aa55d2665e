package dev.reprise.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.StringTokenizer;
import java.util.stream.Stream;

/**
 * Reads what process trees use: CPU on every system, bytes written and memory from {@code /proc}
 * where there is one. One thread.
 */
final class ProcessMeter {
  private static final Path PROC = Path.of("/proc");

  /** Linux counts CPU of the machine in hundredths of a second, whatever its kernel ticks at. */
  private static final double TICKS_PER_SECOND = 100;

  private final List<Long> roots;
  private ProcessUse before = new ProcessUse(0, 0, 0);

  ProcessMeter(List<Long> roots) {
    this.roots = List.copyOf(roots);
  }

  /** Begins to count. */
  void start() {
    before = now();
  }

  /** What was used since the start. */
  ProcessUse stop() {
    for (long root : roots) {
      if (ProcessHandle.of(root).isEmpty()) {
        throw new IllegalStateException("Expected process " + root + " to run, but it ended");
      }
    }
    ProcessUse after = now();
    boolean written = before.writtenBytes() >= 0 && after.writtenBytes() >= 0;
    return new ProcessUse(
        after.cpuSeconds() - before.cpuSeconds(),
        written ? after.writtenBytes() - before.writtenBytes() : -1,
        after.residentBytes());
  }

  private ProcessUse now() {
    double cpu = 0;
    long written = 0;
    long resident = 0;
    for (ProcessHandle process : tree()) {
      cpu += process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
      written = add(written, field(process.pid(), "io", "write_bytes:"));
      resident = add(resident, field(process.pid(), "status", "VmRSS:"));
    }
    return new ProcessUse(cpu, written, resident < 0 ? -1 : resident * 1024);
  }

  private List<ProcessHandle> tree() {
    return roots.stream()
        .flatMap(root -> ProcessHandle.of(root).stream())
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .distinct()
        .toList();
  }

  private static long add(long sum, long part) {
    return sum < 0 || part < 0 ? -1 : sum + part;
  }

  /** The number behind a name in a file of {@code /proc/PID}, or -1. */
  private static long field(long pid, String file, String name) {
    try (Stream<String> lines = Files.lines(PROC.resolve(Long.toString(pid)).resolve(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).replace("kB", "").strip())
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(-1);
    } catch (IOException | java.io.UncheckedIOException e) {
      return -1; // Another system, another user's process, or one that has just ended.
    }
  }

  /** CPU seconds used by everything on this machine so far, or NaN where the system hides it. */
  static double machineCpuSeconds() {
    try (Stream<String> lines = Files.lines(PROC.resolve("stat"))) {
      StringTokenizer fields = new StringTokenizer(lines.findFirst().orElse(""));
      double ticks = 0;
      for (int i = 0; i <= 8 && fields.hasMoreTokens(); i++) {
        String field = fields.nextToken();
        boolean counts = i != 0 && i != 4 && i != 5; // The name, idle, and waiting for a disk.
        ticks += counts ? Long.parseLong(field) : 0;
      }
      return ticks / TICKS_PER_SECOND;
    } catch (IOException | java.io.UncheckedIOException e) {
      return Double.NaN;
    }
  }
}
