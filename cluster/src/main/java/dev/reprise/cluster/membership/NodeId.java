package dev.reprise.cluster.membership;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of the cluster: given once, when it joins, and never to another. The same after every
 * restart, and when its disk was lost.
 *
 * @param number from 1
 */
public record NodeId(int number) implements Comparable<NodeId> {
  private static final Pattern TEXT = Pattern.compile("[Nn]?([1-9][0-9]{0,8})");

  public NodeId {
    if (number < 1) {
      throw new IllegalArgumentException("Expected a node number from 1, but got " + number);
    }
  }

  /**
   * Reads {@code N3} or {@code 3}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static NodeId parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("Expected a node id such as N3, but got '" + text + "'");
    }
    return new NodeId(Integer.parseInt(matcher.group(1)));
  }

  @Override
  public int compareTo(NodeId other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return "N" + number;
  }
}
