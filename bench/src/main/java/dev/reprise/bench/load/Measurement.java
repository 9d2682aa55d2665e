package dev.reprise.bench.load;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What one load run saw in its measured time.
 *
 * @param answered requests answered with 2xx
 * @param errors requests answered with anything else
 * @param broken connections that failed
 * @param unanswered open loop: requests that were due but not answered at the end; they are in the
 *     latencies with the age they had reached
 * @param latencyMicros latencies of answered requests, and of the unanswered as said
 * @param loadCpuSeconds CPU of this process
 * @param otherCores cores used by anything but this process and the given ones; NaN when unknown
 */
public record Measurement(
    int connections,
    Pace pace,
    double seconds,
    long answered,
    long errors,
    long broken,
    long unanswered,
    Histogram latencyMicros,
    double loadCpuSeconds,
    double otherCores,
    Map<String, ProcessUse> processes) {
  /** Answered requests per second. */
  public double perSecond() {
    return answered / seconds;
  }

  public double latencyMillis(double percentile) {
    return latencyMicros.getValueAtPercentile(percentile) / 1000.0;
  }

  public double maxMillis() {
    return latencyMicros.getMaxValue() / 1000.0;
  }

  /** CPU seconds of a labelled process tree per 1,000 answered requests. */
  public double cpuSecondsPer1000(ProcessUse use) {
    return use.cpuSeconds() * 1000 / answered;
  }

  /** Bytes that a labelled process tree wrote per answered request; negative when unknown. */
  public double writtenBytesPerOperation(ProcessUse use) {
    return (double) use.writtenBytes() / answered;
  }

  /** All figures as one line of JSON; times in microseconds. */
  public String toJson() {
    StringBuilder json = new StringBuilder("{");
    double rate = pace instanceof Pace.OpenLoop open ? open.perSecond() : 0;
    json.append("\"connections\":").append(connections).append(",\"asked_per_second\":");
    json.append(number(rate)).append(",\"seconds\":").append(number(seconds));
    json.append(",\"ok\":").append(answered).append(",\"errors\":").append(errors);
    json.append(",\"broken\":").append(broken).append(",\"unanswered\":").append(unanswered);
    json.append(",\"per_second\":").append(number(perSecond()));
    json.append(",\"mean_us\":").append(number(latencyMicros.getMean()));
    percentile(json, "p50", 50);
    percentile(json, "p90", 90);
    percentile(json, "p99", 99);
    percentile(json, "p999", 99.9);
    json.append(",\"max_us\":").append(latencyMicros.getMaxValue());
    json.append(",\"load_cpu_s\":").append(number(loadCpuSeconds));
    json.append(",\"other_cores\":").append(number(otherCores));
    new TreeMap<>(processes).forEach((label, use) -> process(json, label, use));
    return json.append('}').toString();
  }

  private void percentile(StringBuilder json, String name, double percentile) {
    json.append(",\"").append(name).append("_us\":");
    json.append(latencyMicros.getValueAtPercentile(percentile));
  }

  private void process(StringBuilder json, String label, ProcessUse use) {
    json.append(",\"").append(label).append("\":{\"cpu_s\":").append(number(use.cpuSeconds()));
    json.append(",\"cpu_s_per_1k\":").append(number(cpuSecondsPer1000(use)));
    json.append(",\"written_bytes\":").append(use.writtenBytes());
    json.append(",\"written_bytes_per_op\":").append(number(writtenBytesPerOperation(use)));
    json.append(",\"resident_bytes\":").append(use.residentBytes()).append('}');
  }

  /** All figures as one line for people. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,.0f/s, p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f ms, %d errors",
            perSecond(),
            latencyMillis(50),
            latencyMillis(90),
            latencyMillis(99),
            latencyMillis(99.9),
            maxMillis(),
            errors));
    if (broken > 0) {
      text.append(String.format(Locale.ROOT, ", %d connections broken", broken));
    }
    if (unanswered > 0) {
      text.append(String.format(Locale.ROOT, ", %d unanswered", unanswered));
    }
    new TreeMap<>(processes)
        .forEach(
            (label, use) ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "; %s: %.3f CPU-s per 1,000, %.2f cores, %,.0f B written per op",
                        label,
                        cpuSecondsPer1000(use),
                        use.cpuSeconds() / seconds,
                        writtenBytesPerOperation(use))));
    return text.append(String.format(Locale.ROOT, "; others: %.2f cores", otherCores)).toString();
  }

  /** JSON has no NaN. */
  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "null";
  }
}
