package dev.reprise.bench;

import dev.reprise.bench.load.Measurement;
import dev.reprise.bench.load.ProcessUse;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Measurements as rows of a markdown table, with ratios to the first server's. */
final class ComparisonTable {
  /** Labels of the processes in measurements. */
  static final String SERVER = "server";

  static final String ENDPOINT = "endpoint";

  static final String HEAD =
      """
      | workload | server | rate/s | × | p50 ms | p99 ms | × | p99.9 ms | CPU-s per 1,000 | × | B/op | errors | others |
      |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|""";

  private ComparisonTable() {}

  /** The measurement during which other processes used the machine least. */
  static Measurement leastDisturbed(List<Measurement> measurements) {
    return measurements.stream()
        .min(Comparator.comparingDouble(Measurement::otherCores))
        .orElseThrow(() -> new IllegalArgumentException("Expected a measurement, but none"));
  }

  /** One row per server, in their order, each ending its line. */
  static String rows(
      Workload workload, List<ServerUnderTest> servers, List<Measurement> measurements) {
    StringBuilder rows = new StringBuilder();
    Measurement base = measurements.get(0);
    for (int i = 0; i < servers.size(); i++) {
      rows.append(row(workload, servers.get(i), measurements.get(i), base)).append('\n');
    }
    return rows.toString();
  }

  private static String row(
      Workload workload, ServerUnderTest server, Measurement of, Measurement base) {
    double cpu = of.cpuSecondsPer1000(use(of));
    return String.format(
        Locale.ROOT,
        "| %s | %s | %,.0f | %.2f | %.2f | %.2f | %.2f | %.2f | %.3f | %.2f | %s | %d | %.2f |",
        workload.name(),
        server.name(),
        of.perSecond(),
        of.perSecond() / base.perSecond(),
        of.latencyMillis(50),
        of.latencyMillis(99),
        of.latencyMillis(99) / base.latencyMillis(99),
        of.latencyMillis(99.9),
        cpu,
        cpu / base.cpuSecondsPer1000(use(base)),
        use(of).writtenBytes() < 0
            ? "–"
            : String.format(Locale.ROOT, "%,.0f", of.writtenBytesPerOperation(use(of))),
        of.errors() + of.broken(),
        of.otherCores());
  }

  private static ProcessUse use(Measurement measurement) {
    ProcessUse use = measurement.processes().get(SERVER);
    if (use == null) {
      throw new IllegalStateException("Expected the server to be accounted, but it is not");
    }
    return use;
  }
}
