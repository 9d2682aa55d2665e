package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogDamagedException;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through a log's files before Ratis opens them, and cuts off the one thing that a crash may
 * leave: an unfinished last record of the segment that was being written. It was never forced, so
 * nobody was told that it is committed. Ratis itself either refuses a whole server for it, or cuts
 * any damage together with all that was acknowledged behind it.
 */
final class LogRepair {
  private static final Logger LOG = LoggerFactory.getLogger(LogRepair.class);
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
  private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");

  private LogRepair() {}

  /**
   * Repairs the log in {@code directory}, if there is one. Nobody else may have it open.
   *
   * @throws LogDamagedException if a file is damaged in any other way; nothing is changed then
   */
  static void run(LogId id, Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "log_*")) {
      for (Path file : files) {
        inspect(id, file);
      }
    } catch (IOException cause) {
      throw new LogException("Expected the files of log " + id + " to be readable", cause);
    }
  }

  private static void inspect(LogId id, Path file) throws IOException {
    String name = file.getFileName().toString();
    Matcher closed = CLOSED.matcher(name);
    if (closed.matches()) {
      long first = Long.parseLong(closed.group(1));
      long last = Long.parseLong(closed.group(2));
      expectRecords(file, last - first + 1);
    } else if (OPEN.matcher(name).matches() && Files.size(file) > 0) {
      cutUnfinished(id, file);
    }
  }

  private static void expectRecords(Path file, long records) throws IOException {
    SegmentScan.Result result = SegmentScan.of(Files.readAllBytes(file));
    switch (result) {
      case SegmentScan.Result.Intact intact -> {
        if (intact.records() != records) {
          throw new LogDamagedException(
              file, Files.size(file), "it holds " + intact.records() + " records of " + records);
        }
      }
      case SegmentScan.Result.Unfinished unfinished ->
          throw new LogDamagedException(
              file,
              unfinished.offset(),
              "record " + (unfinished.records() + 1) + " of " + records + " is unfinished");
      case SegmentScan.Result.Damaged damaged ->
          throw new LogDamagedException(file, damaged.offset(), damaged.what());
    }
  }

  private static void cutUnfinished(LogId id, Path file) throws IOException {
    SegmentScan.Result result = SegmentScan.of(Files.readAllBytes(file));
    switch (result) {
      case SegmentScan.Result.Intact intact -> {}
      case SegmentScan.Result.Unfinished unfinished -> {
        truncate(file, unfinished.offset());
        LOG.warn(
            "Log {} ended in an unfinished record; it was cut off: {} now has {} records and {}"
                + " bytes",
            id,
            file,
            unfinished.records(),
            unfinished.offset());
      }
      case SegmentScan.Result.Damaged damaged ->
          throw new LogDamagedException(file, damaged.offset(), damaged.what());
    }
  }

  private static void truncate(Path file, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.force(true);
    }
  }
}
