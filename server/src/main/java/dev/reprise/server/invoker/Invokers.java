package dev.reprise.server.invoker;

import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.endpoint.Endpoints;
import dev.reprise.server.invoker.frames.Addressees;
import dev.reprise.server.invoker.frames.Callees;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What the invokers of a node share, and where they are made. Any thread. */
public final class Invokers implements AutoCloseable {
  private static final int READERS = 2;
  private static final int READS_WAITING = 100_000;

  private final InvokerOptions options;
  private final Supplier<Registry> registry;
  private final CatchingUp catchingUp;
  private final NewInvocations newInvocations;
  private final Callees callees;
  private final Addressees addressees;
  private final RandomGenerator random;
  private final InvokerCounters counters = new InvokerCounters();
  private final MemoryPool memory;
  private final ThreadPoolExecutor reader;

  /**
   * @param registry the newest copy that this node has
   * @param catchingUp makes it newer, where it may be old
   * @param random for jitter; must bear several threads
   */
  public Invokers(
      InvokerOptions options,
      Supplier<Registry> registry,
      CatchingUp catchingUp,
      NewInvocations newInvocations,
      KeyRanges ranges,
      RandomGenerator random) {
    this.options = options;
    this.registry = registry;
    this.catchingUp = catchingUp;
    this.newInvocations = newInvocations;
    this.callees = new Callees(registry, newInvocations, ranges);
    this.addressees = new Addressees(registry, ranges);
    this.random = random;
    this.memory = new MemoryPool(options.memory().nodeBytes());
    this.reader = readers();
  }

  private static ThreadPoolExecutor readers() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            READERS,
            READERS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(READS_WAITING),
            task -> {
              Thread thread = new Thread(task, "journal-reader-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * The invoker of a partition for the host's epoch. To be used on the host's loop, which must be
   * the one of the endpoints.
   */
  public Invoker open(int partition, Invoker.Host host, Endpoints endpoints) {
    return new EndpointInvoker(partition, this, host, endpoints);
  }

  /** What has been done, and what is held. */
  public InvokerCounters counters() {
    return counters;
  }

  /** What all attempts hold. */
  public MemoryPool memory() {
    return memory;
  }

  InvokerOptions options() {
    return options;
  }

  Routes routes() {
    return new Routes(registry, newInvocations, options);
  }

  CatchingUp catchingUp() {
    return catchingUp;
  }

  Callees callees() {
    return callees;
  }

  Addressees addressees() {
    return addressees;
  }

  RandomGenerator random() {
    return random;
  }

  ThreadPoolExecutor reader() {
    return reader;
  }

  /** Ends the threads that read journals. */
  @Override
  public void close() {
    reader.shutdownNow();
  }
}
