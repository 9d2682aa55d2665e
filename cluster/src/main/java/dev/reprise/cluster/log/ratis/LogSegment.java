package dev.reprise.cluster.log.ratis;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of Ratis's log, by its name. Indexes are Ratis's, from 0.
 *
 * @param last the index of its last record, or {@link #OPEN} while it is being written
 */
record LogSegment(Path file, long first, long last) {
  static final long OPEN = -1;

  private static final Pattern OPEN_NAME = Pattern.compile("log_inprogress_(\\d+)");
  private static final Pattern CLOSED_NAME = Pattern.compile("log_(\\d+)-(\\d+)");

  /** All files of the log in this directory, oldest first. */
  static List<LogSegment> in(Path directory) throws IOException {
    List<LogSegment> segments = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "log_*")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        Matcher closed = CLOSED_NAME.matcher(name);
        Matcher open = OPEN_NAME.matcher(name);
        if (closed.matches()) {
          segments.add(
              new LogSegment(
                  file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
        } else if (open.matches()) {
          segments.add(new LogSegment(file, Long.parseLong(open.group(1)), OPEN));
        }
      }
    }
    segments.sort(Comparator.comparingLong(LogSegment::first));
    return segments;
  }

  boolean isOpen() {
    return last == OPEN;
  }
}
