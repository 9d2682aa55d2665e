package dev.reprise.bench.load;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Carries out one {@link LoadPlan} on the calling thread. It shares the machine with what it
 * measures, so it is one thread without allocation per request. Use once.
 */
public final class LoadGenerator {
  private static final long REOPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Selectors wait in milliseconds; shorter waits are naps of this length between looks. */
  private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private static final int MAX_SHOWN_ERRORS = 5;

  private final LoadPlan plan;
  private final Consumer<String> complaints;
  private final SplittableRandom random;
  private final Histogram latencyMicros = new Histogram(TimeUnit.HOURS.toMicros(1), 3);
  private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
  private final LoadConnection[] connections;
  private final LoadConnection[] idle;
  private final Map<String, ProcessMeter> meters = new HashMap<>();
  private final ProcessMeter own = new ProcessMeter(List.of(ProcessHandle.current().pid()));
  private final Selector selector;
  private final Consumer<SelectionKey> whenReady = this::ready;
  private int idleCount;
  private int closedCount;
  private int shownErrors;
  private long startNanos;
  private long requests;
  private boolean measuring;
  private long answered;
  private long errors;
  private long broken;

  /**
   * @param complaints gets the first few answers that are not 2xx, and why connections broke
   */
  public LoadGenerator(LoadPlan plan, Consumer<String> complaints) throws IOException {
    this.plan = plan;
    this.complaints = complaints;
    this.random = new SplittableRandom(plan.seed());
    this.selector = Selector.open();
    this.connections = new LoadConnection[plan.connections()];
    this.idle = new LoadConnection[plan.connections()];
    for (int i = 0; i < connections.length; i++) {
      connections[i] = new LoadConnection(plan.request().maxLength());
    }
    closedCount = connections.length;
    plan.processes().forEach((label, roots) -> meters.put(label, new ProcessMeter(roots)));
  }

  /** Makes the requests and returns when the measured time is over. */
  public Measurement run() throws IOException {
    try (selector) {
      return loop();
    } finally {
      for (LoadConnection connection : connections) {
        connection.close(0);
      }
    }
  }

  private Measurement loop() throws IOException {
    startNanos = System.nanoTime();
    for (LoadConnection connection : connections) {
      connection.reopenAtNanos = startNanos;
    }
    long measureAt = startNanos + plan.warmUp().toNanos();
    long machineBefore = 0;
    double machineCpu = 0;
    while (true) {
      long now = System.nanoTime();
      if (!measuring && now - measureAt >= 0) {
        begin();
        machineCpu = ProcessMeter.machineCpuSeconds();
        now = System.nanoTime();
        machineBefore = now;
      }
      if (measuring && now - machineBefore >= plan.measured().toNanos()) {
        double machine = ProcessMeter.machineCpuSeconds() - machineCpu;
        return end(now, (now - machineBefore) / 1e9, machine);
      }
      reopen(now);
      await(handOut(now));
    }
  }

  private void begin() {
    measuring = true;
    answered = 0;
    errors = 0;
    broken = 0;
    latencyMicros.reset();
    meters.values().forEach(ProcessMeter::start);
    own.start();
  }

  private Measurement end(long now, double seconds, double machineCpuSeconds) {
    Map<String, ProcessUse> processes = new HashMap<>();
    meters.forEach((label, meter) -> processes.put(label, meter.stop()));
    double loadCpu = own.stop().cpuSeconds();
    double known = loadCpu + processes.values().stream().mapToDouble(ProcessUse::cpuSeconds).sum();
    long unanswered = plan.pace() instanceof Pace.OpenLoop open ? countUnanswered(open, now) : 0;
    return new Measurement(
        plan.connections(),
        plan.pace(),
        seconds,
        answered,
        errors,
        broken,
        unanswered,
        latencyMicros,
        loadCpu,
        Math.max(0, (machineCpuSeconds - known) / seconds),
        processes);
  }

  /** A request that is still waiting has a latency too: at least its age. */
  private long countUnanswered(Pace.OpenLoop open, long now) {
    long unanswered = 0;
    for (LoadConnection connection : connections) {
      if (connection.state == LoadConnection.State.BUSY) {
        record(now - connection.sinceNanos);
        unanswered++;
      }
    }
    for (long due; (due = startNanos + open.dueNanos(requests)) - now < 0; requests++) {
      record(now - due);
      unanswered++;
    }
    return unanswered;
  }

  private void reopen(long now) {
    if (closedCount == 0) {
      return;
    }
    for (LoadConnection connection : connections) {
      if (connection.state == LoadConnection.State.CLOSED && now - connection.reopenAtNanos >= 0) {
        try {
          closedCount--;
          connection.open(plan.server(), selector);
        } catch (IOException e) {
          giveUp(connection, e);
        }
      }
    }
  }

  /** Makes the requests that are due on idle connections; returns nanoseconds to the next one. */
  private long handOut(long now) {
    return switch (plan.pace()) {
      case Pace.ClosedLoop closed -> {
        while (idleCount > 0) {
          fire(idle[--idleCount], System.nanoTime());
        }
        yield MAX_WAIT_NANOS;
      }
      case Pace.OpenLoop open -> {
        long wait = MAX_WAIT_NANOS;
        while (idleCount > 0 && wait == MAX_WAIT_NANOS) {
          long due = startNanos + open.dueNanos(requests);
          if (due - now > 0) {
            wait = Math.min(due - now, MAX_WAIT_NANOS - 1);
          } else {
            fire(idle[--idleCount], due);
          }
        }
        yield wait;
      }
    };
  }

  private void fire(LoadConnection connection, long since) {
    if (connection.state != LoadConnection.State.IDLE) {
      return; // It broke while it was idle; open loop asks again for the same due time.
    }
    try {
      connection.send(plan.request(), random.nextLong(plan.keys()), requests++, since);
    } catch (IOException e) {
      giveUp(connection, e);
    }
  }

  private void await(long nanos) throws IOException {
    if (nanos >= TimeUnit.MILLISECONDS.toNanos(1)) {
      selector.select(whenReady, TimeUnit.NANOSECONDS.toMillis(nanos));
    } else if (selector.selectNow(whenReady) == 0) {
      LockSupport.parkNanos(Math.min(nanos, NAP_NANOS));
    }
  }

  private void ready(SelectionKey key) {
    LoadConnection connection = (LoadConnection) key.attachment();
    try {
      if (key.isConnectable()) {
        connection.finishConnect();
        idle[idleCount++] = connection;
        return;
      }
      if (key.isWritable()) {
        connection.flush();
      }
      if (key.isReadable()) {
        read(connection);
      }
    } catch (IOException e) {
      giveUp(connection, e);
    }
  }

  private void read(LoadConnection connection) throws IOException {
    in.clear();
    boolean closed = connection.read(in) < 0;
    in.flip();
    boolean busy = connection.state == LoadConnection.State.BUSY;
    if (busy && (closed ? connection.response.closed() : connection.response.feed(in))) {
      answered(connection);
    } else if (closed) {
      throw new IOException("Expected an answer, but the server closed the connection");
    }
    if (in.hasRemaining()) {
      throw new ProtocolException("Expected one answer per request, but there is more");
    }
  }

  private void answered(LoadConnection connection) {
    int status = connection.response.status();
    if (status >= 200 && status < 300) {
      answered++;
      record(System.nanoTime() - connection.sinceNanos);
    } else {
      errors++;
      complain("status " + status + ": " + connection.response.excerpt());
    }
    if (connection.response.keepAlive()) {
      connection.state = LoadConnection.State.IDLE;
      idle[idleCount++] = connection;
    } else {
      connection.close(System.nanoTime());
      closedCount++;
    }
  }

  private void giveUp(LoadConnection connection, IOException why) {
    if (connection.state == LoadConnection.State.IDLE) {
      dropFromIdle(connection);
    }
    broken++;
    closedCount++;
    complain(why.toString());
    connection.close(System.nanoTime() + REOPEN_NANOS);
  }

  private void dropFromIdle(LoadConnection connection) {
    for (int i = 0; i < idleCount; i++) {
      if (idle[i] == connection) {
        idle[i] = idle[--idleCount];
      }
    }
  }

  private void record(long nanos) {
    long micros = TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos));
    latencyMicros.recordValue(Math.min(micros, latencyMicros.getHighestTrackableValue()));
  }

  private void complain(String what) {
    if (shownErrors++ < MAX_SHOWN_ERRORS) {
      complaints.accept(what);
    }
  }
}
