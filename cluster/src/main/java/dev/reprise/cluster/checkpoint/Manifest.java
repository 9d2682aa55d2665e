package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.log.LogId;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a checkpoint consists of.
 *
 * @param log whose state it is
 * @param number names the checkpoint among those of one node, which gives each number once
 * @param index the state is that of this entry of the log, or of a later one
 */
public record Manifest(LogId log, long number, long index, List<Part> parts) {
  /** More files than a store of a terabyte has. */
  public static final int MAX_PARTS = 100_000;

  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /**
   * One file.
   *
   * @param name without a directory
   * @param size in bytes
   * @param checksum CRC-32C of all of it
   */
  public record Part(String name, long size, int checksum) {
    /** A name that could leave the directory is refused: manifests come from the network. */
    public Part {
      if (!LEGAL.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "Expected a file name of letters, digits, '.', '_' and '-', but got '" + name + "'");
      }
      if (size < 0) {
        throw new IllegalArgumentException("Expected a size of " + name + ", but got " + size);
      }
    }
  }

  /** Copies the list. */
  public Manifest {
    if (parts.size() > MAX_PARTS) {
      throw new IllegalArgumentException(
          "Expected at most " + MAX_PARTS + " files, but got " + parts.size());
    }
    parts = List.copyOf(parts);
  }

  /** How much there is to fetch, in bytes. */
  public long size() {
    return parts.stream().mapToLong(Part::size).sum();
  }
}
