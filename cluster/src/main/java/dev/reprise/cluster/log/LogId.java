package dev.reprise.cluster.log;

import java.util.regex.Pattern;

/**
 * Names one log of the cluster, the same on every node: the metadata, or one partition.
 *
 * @param name 1 to 64 of the characters a-z, 0-9 and '-'; a directory is derived from it
 */
public record LogId(String name) {
  private static final Pattern LEGAL = Pattern.compile("[a-z0-9-]{1,64}");

  /** The log of the metadata group. */
  public static final LogId METADATA = new LogId("metadata");

  /** Checks the name. */
  public LogId {
    if (!LEGAL.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Expected a log name of 1 to 64 of a-z, 0-9 and '-', but got '" + name + "'");
    }
  }

  /** The log of the partition with this number. */
  public static LogId partition(int number) {
    return new LogId("partition-" + number);
  }

  @Override
  public String toString() {
    return name;
  }
}
