package dev.reprise.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
  @Test
  void valuesAreAskedForWhenTheyAreRead() {
    try (NodeMetrics metrics = new NodeMetrics()) {
      AtomicLong value = new AtomicLong(1);
      metrics.gauge("reprise_log_lag_entries", "Entries behind.", value::get, "partition", "0");
      metrics.counter("reprise_gateway_requests", "Requests.", value::get);
      value.set(5);

      assertThat(metrics.scrape())
          .contains("reprise_log_lag_entries{partition=\"0\"} 5.0")
          .contains("reprise_gateway_requests_total 5.0")
          .contains("jvm_memory_used_bytes");
    }
  }

  @Test
  void aMetricIsNamedAfterItsRoom() {
    try (NodeMetrics metrics = new NodeMetrics()) {
      assertThatThrownBy(() -> metrics.gauge("lag", "Lag.", () -> 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("reprise_<room>_<noun>_<unit>");
    }
  }
}
