package dev.reprise.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;

/**
 * The metrics of one node. Names are {@code reprise_<room>_<noun>_<unit>}, but for those by which
 * the tools of the ecosystem ask: they begin with {@code restate_}. Labels come from closed sets
 * only. Any thread; suppliers are asked while metrics are read, and must not block.
 */
public final class NodeMetrics implements AutoCloseable {
  /** The content type of {@link #scrape}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String PREFIX = "reprise_";
  private static final String ECOSYSTEM_PREFIX = "restate_";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** The library holds what it asks weakly; this holds it as long as the node lives. */
  private final Queue<DoubleSupplier> kept = new ConcurrentLinkedQueue<>();

  private final JvmGcMetrics gc = new JvmGcMetrics();

  /** Metrics of the Java machine; the rooms add theirs. */
  public NodeMetrics() {
    gc.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  /**
   * A value that rises and falls.
   *
   * @param name {@code reprise_<room>_<noun>_<unit>}
   * @param labels names and values in turn
   */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    check(name);
    Gauge.builder(name, value::getAsDouble)
        .description(help)
        .tags(Tags.of(labels))
        .strongReference(true)
        .register(registry);
  }

  /**
   * A value that only rises; {@code _total} is added to its name.
   *
   * @param name {@code reprise_<room>_<noun>_<unit>}
   * @param labels names and values in turn
   */
  public void counter(String name, String help, DoubleSupplier value, String... labels) {
    check(name);
    kept.add(value);
    FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
        .description(help)
        .tags(Tags.of(labels))
        .register(registry);
  }

  /** All metrics in Prometheus's text format. Takes milliseconds: not on an event loop. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  private static void check(String name) {
    if (!name.startsWith(PREFIX) && !name.startsWith(ECOSYSTEM_PREFIX)) {
      throw new IllegalArgumentException(
          "Expected a metric named " + PREFIX + "<room>_<noun>_<unit>, but got " + name);
    }
  }
}
