package dev.reprise.cluster.log.ratis;

import com.sun.management.OperatingSystemMXBean;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures a log of a node that is alone, from propose to apply. Not a test: run {@code main} with
 * a directory on the disk in question; prints one line per case.
 */
public final class LogLatency {
  private LogLatency() {}

  /** Counts and times what it is told. */
  private static final class Stopwatch implements Replica {
    private final Semaphore window;
    private final AtomicLong term = new AtomicLong();
    private volatile LogPosition applied = LogPosition.NOTHING;
    private volatile long[] nanos = new long[0];
    private volatile int count;

    private Stopwatch(Semaphore window) {
      this.window = window;
    }

    @Override
    public LogPosition applied() {
      return applied;
    }

    @Override
    public LogPosition flushed() {
      return applied;
    }

    @Override
    public void apply(LogPosition at, byte[] entry) {
      int n = count;
      if (n < nanos.length) {
        nanos[n] = System.nanoTime() - ByteBuffer.wrap(entry).getLong();
      }
      applied = at;
      count = n + 1;
      window.release();
    }

    @Override
    public void advanced(LogPosition at) {
      applied = at;
    }

    @Override
    public void leaderReady(long leads) {
      synchronized (term) {
        term.set(leads);
        term.notifyAll();
      }
    }

    @Override
    public void leadershipLost() {}

    @Override
    public void proposalFailed(long failed, Throwable cause) {
      throw new IllegalStateException("Expected every proposal to succeed", cause);
    }

    @Override
    public void failed(Throwable cause) {
      cause.printStackTrace();
    }

    private long awaitTerm() throws InterruptedException {
      synchronized (term) {
        while (term.get() == 0) {
          term.wait();
        }
      }
      return term.get();
    }
  }

  /** Arguments: directory, [in flight, bytes, seconds]. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "log-latency-");
    long started = System.nanoTime();
    try (RatisNode node = RatisNode.start(RatisSettings.alone("n1", directory))) {
      if (arguments.length > 1) {
        measure(
            node,
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            started);
        return;
      }
      measure(node, 1, 300, 10, started);
      measure(node, 4, 16 * 1024, 10, started);
      measure(node, 16, 16 * 1024, 10, started);
      measure(node, 1, 300, 10, started);
      measure(node, 4, 16 * 1024, 10, started);
    }
  }

  private static void measure(RatisNode node, int inFlight, int bytes, int seconds, long started)
      throws InterruptedException {
    Semaphore window = new Semaphore(inFlight);
    Stopwatch replica = new Stopwatch(window);
    LogId id = new LogId("f" + inFlight + "-b" + bytes + "-" + System.nanoTime() % 100_000);
    long opening = System.nanoTime();
    try (ReplicatedLog log = node.open(id, replica)) {
      long term = replica.awaitTerm();
      long ready = System.nanoTime();
      run(log, term, window, bytes, 3);
      replica.nanos = new long[2_000_000];
      replica.count = 0;
      long cpu = cpuNanos();
      long begin = System.nanoTime();
      run(log, term, window, bytes, seconds);
      window.acquire(inFlight);
      long took = System.nanoTime() - begin;
      long used = cpuNanos() - cpu;
      int done = replica.count;
      long[] sorted = Arrays.copyOf(replica.nanos, done);
      Arrays.sort(sorted);
      System.out.printf(
          Locale.ROOT,
          "%d in flight x %d B: %d/s, p50 %d us, p90 %d us, p99 %d us, CPU %d us per entry;"
              + " opened to ready %d ms (%d ms after start)%n",
          inFlight,
          bytes,
          done * 1_000_000_000L / took,
          sorted[done / 2] / 1000,
          sorted[done * 9 / 10] / 1000,
          sorted[done * 99 / 100] / 1000,
          used / 1000 / done,
          (ready - opening) / 1_000_000,
          (ready - started) / 1_000_000);
    }
  }

  private static void run(ReplicatedLog log, long term, Semaphore window, int bytes, int seconds)
      throws InterruptedException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      window.acquire();
      byte[] entry = new byte[bytes];
      ByteBuffer.wrap(entry).putLong(System.nanoTime());
      log.propose(term, entry);
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
