package dev.reprise.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One measurement to make.
 *
 * @param connections requests under way at once, at most
 * @param keys numbers that {@code {key}} is drawn from: 0 to keys - 1
 * @param warmUp load before anything is counted
 * @param measured load that counts
 * @param processes labels of process trees whose use of the machine is reported, by their roots
 */
public record LoadPlan(
    InetSocketAddress server,
    RequestTemplate request,
    Pace pace,
    int connections,
    long keys,
    long seed,
    Duration warmUp,
    Duration measured,
    Map<String, List<Long>> processes) {
  public LoadPlan {
    processes = Map.copyOf(processes);
    if (connections < 1 || keys < 1 || !measured.isPositive() || warmUp.isNegative()) {
      throw new IllegalArgumentException(
          "Expected at least one connection, one key and some time, but %d, %d, %s, %s"
              .formatted(connections, keys, warmUp, measured));
    }
  }
}
