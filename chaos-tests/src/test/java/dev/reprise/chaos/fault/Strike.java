package dev.reprise.chaos.fault;

import java.util.List;

/**
 * A fault as it was.
 *
 * @param nodes that it touched; none for the service endpoint
 * @param begin in nanoseconds since the history began
 * @param end likewise
 */
public record Strike(String fault, String detail, List<Integer> nodes, long begin, long end) {
  public Strike {
    nodes = List.copyOf(nodes);
  }
}
