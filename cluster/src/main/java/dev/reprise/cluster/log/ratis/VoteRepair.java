package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.storage.files.SafeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a file with a replica's vote that was not written to its end. Ratis 3.3.0 leaves one
 * when the disk is full: what it could not write takes the place of what was there, and the log
 * cannot be opened any more.
 *
 * <p>What the replica had voted is forgotten then, but it keeps its word: it goes on in a term so
 * far above any that it may have been in that it cannot vote in an old one again. The leader hears
 * of that term, and is elected anew in a later one.
 */
final class VoteRepair {
  /** More terms than pass between two entries of a log, or two of its repairs. */
  static final long LEAP = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(VoteRepair.class);
  private static final String VOTE = "raft-meta";
  private static final String FLOOR = "vote-floor";
  private static final String TERM = "term";
  private static final String VOTED_FOR = "votedFor";

  private VoteRepair() {}

  /**
   * Repairs the vote in {@code directory}, if it has to be; the log there is whole. Nobody else may
   * have it open.
   *
   * @param held what the replica's store holds
   */
  static void run(LogId id, Path directory, LogPosition held) {
    try {
      mend(id, directory, held);
    } catch (IOException cause) {
      throw new LogException("Expected to mend the vote of log " + id + ", but: " + cause, cause);
    }
  }

  private static void mend(LogId id, Path directory, LogPosition held) throws IOException {
    Path vote = directory.resolve(VOTE);
    if (!Files.exists(vote) || isWhole(vote)) {
      return;
    }
    // Beside the log: the next vote may be lost before any entry is written in this term.
    Path floor = directory.resolveSibling(FLOOR);
    long known = Math.max(held.term(), Math.max(lastTerm(directory), floorIn(floor)));
    long term = known + LEAP;
    SafeFile.write(floor, properties(term), "");
    SafeFile.write(vote, properties(term), "");
    LOG.error(
        "Log {} had lost its vote: {} was not written to its end. It goes on in term {}, above"
            + " any in which it may have voted",
        id,
        vote,
        term);
  }

  /** Ratis writes both lines, and ends the second one. */
  private static boolean isWhole(Path vote) throws IOException {
    String text = Files.readString(vote, StandardCharsets.ISO_8859_1);
    Properties found = SafeFile.read(vote);
    return text.endsWith("\n")
        && found.getProperty(TERM, "").matches("\\d+")
        && found.containsKey(VOTED_FOR);
  }

  private static long lastTerm(Path directory) throws IOException {
    long last = 0;
    for (LogSegment segment : LogSegment.in(directory)) {
      last = Math.max(last, SegmentScan.lastTerm(Files.readAllBytes(segment.file())));
    }
    return last;
  }

  private static long floorIn(Path floor) throws IOException {
    return Files.exists(floor) ? Long.parseLong(SafeFile.read(floor).getProperty(TERM)) : 0;
  }

  private static Properties properties(long term) {
    Properties properties = new Properties();
    properties.setProperty(TERM, Long.toString(term));
    properties.setProperty(VOTED_FOR, "");
    return properties;
  }
}
