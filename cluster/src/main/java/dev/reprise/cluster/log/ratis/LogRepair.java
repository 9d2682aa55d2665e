package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogDamagedException;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogPosition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through a log's files before Ratis opens them.
 *
 * <ul>
 *   <li>An unfinished last record of the segment that was being written is cut off: a crash leaves
 *       it, it was never forced, so nobody was told that it is committed.
 *   <li>A damaged file whose entries the replica's store holds durably is moved aside, and older
 *       files go with it: nobody needs them to make this replica whole, and no promise of this
 *       replica is forgotten.
 *   <li>A log that ends before what the replica holds (a checkpoint was installed) is emptied.
 *   <li>Any other damage is refused.
 * </ul>
 *
 * Ratis itself either refuses a whole server, or cuts any damage together with all that was
 * acknowledged behind it, or meets a hole. The file with this replica's vote is {@link
 * VoteRepair}'s.
 */
final class LogRepair {
  private static final Logger LOG = LoggerFactory.getLogger(LogRepair.class);

  private final LogId id;
  private final Path directory;
  private final LogPosition held;

  private LogRepair(LogId id, Path directory, LogPosition held) {
    this.id = id;
    this.directory = directory;
    this.held = held;
  }

  /**
   * What stands in one file.
   *
   * @param last position of its last entry; where that is damaged, no entry was ever behind it
   * @param cutTo its length without an unfinished record, -1 if there is none
   */
  private record Found(LogSegment segment, long last, long cutTo, @Nullable Damage damage) {}

  private record Damage(long offset, String what) {}

  /**
   * Repairs the log in {@code directory}, if there is one. Nobody else may have it open.
   *
   * @param held what the replica's store holds durably
   * @throws LogDamagedException if a file is damaged and entries behind {@code held} with it;
   *     nothing is changed then
   */
  static void run(LogId id, Path directory, LogPosition held) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try {
      new LogRepair(id, directory, held).run();
    } catch (IOException cause) {
      throw new LogException("Expected the files of log " + id + " to be readable", cause);
    }
  }

  private void run() throws IOException {
    List<Found> files = new ArrayList<>();
    for (LogSegment segment : LogSegment.in(directory)) {
      files.add(inspect(segment));
    }
    if (files.isEmpty()) {
      return;
    }
    long lastHeld = files.stream().mapToLong(Found::last).max().orElse(0);
    int keptFrom = 0;
    for (int i = 0; i < files.size(); i++) {
      Found file = files.get(i);
      if (file.damage() != null) {
        expectHeld(file, file.damage(), lastHeld);
        keptFrom = i + 1;
      }
    }
    if (lastHeld < held.index()) {
      LOG.info("Log {} ends at {}, before {}: it is emptied", id, lastHeld, held);
      keptFrom = files.size();
    }
    dropAll(files.subList(0, keptFrom));
    for (Found file : files.subList(keptFrom, files.size())) {
      cutUnfinished(file);
    }
  }

  private void expectHeld(Found file, Damage damage, long lastHeld) {
    if (file.last() > held.index()) {
      throw new LogDamagedException(
          file.segment().file(), damage.offset(), damage.what(), lastHeld);
    }
  }

  private static Found inspect(LogSegment segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment.file());
    if (segment.isOpen() && bytes.length == 0) {
      return new Found(segment, segment.first(), -1, null);
    }
    SegmentScan.Result result = SegmentScan.of(bytes);
    return segment.isOpen() ? open(segment, bytes, result) : closed(segment, bytes.length, result);
  }

  private static Found open(LogSegment segment, byte[] bytes, SegmentScan.Result result)
      throws IOException {
    return switch (result) {
      case SegmentScan.Result.Intact intact ->
          new Found(segment, segment.first() + intact.records(), -1, null);
      case SegmentScan.Result.Unfinished unfinished ->
          new Found(segment, segment.first() + unfinished.records(), unfinished.offset(), null);
      case SegmentScan.Result.Damaged damaged -> {
        long last =
            damaged.lastIntact() < 0
                ? segment.first() + damaged.atMost()
                : SegmentScan.index(bytes, damaged.lastIntact()) + 1;
        yield new Found(segment, last, -1, new Damage(damaged.offset(), damaged.what()));
      }
    };
  }

  private static Found closed(LogSegment segment, long length, SegmentScan.Result result) {
    long records = segment.last() - segment.first() + 1;
    Damage damage =
        switch (result) {
          case SegmentScan.Result.Intact intact ->
              intact.records() == records
                  ? null
                  : new Damage(length, "it holds " + intact.records() + " records of " + records);
          case SegmentScan.Result.Unfinished unfinished ->
              new Damage(
                  unfinished.offset(),
                  "record " + (unfinished.records() + 1) + " of " + records + " is unfinished");
          case SegmentScan.Result.Damaged damaged -> new Damage(damaged.offset(), damaged.what());
        };
    return new Found(segment, segment.last() + 1, -1, damage);
  }

  /** Oldest first: whatever a crash leaves of them has no hole, and is dropped the next time. */
  private void dropAll(List<Found> files) throws IOException {
    for (Found file : files) {
      if (file.damage() == null) {
        Files.delete(file.segment().file());
      } else {
        Path aside = setAside(file.segment().file());
        LOG.error(
            "Log {} was damaged: {} at byte {}: {}. Its entries up to {} are in the store, so the"
                + " log goes on without that file; it is kept as {}",
            id,
            file.segment().file(),
            file.damage().offset(),
            file.damage().what(),
            file.last(),
            aside);
      }
    }
  }

  /** One file per log is kept for whoever wants to know what happened; the last one. */
  private Path setAside(Path file) throws IOException {
    Path aside = Files.createDirectories(directory.resolveSibling("damaged")).resolve("segment");
    return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
  }

  private void cutUnfinished(Found file) throws IOException {
    if (file.cutTo() < 0) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file.segment().file(), StandardOpenOption.WRITE)) {
      channel.truncate(file.cutTo());
      channel.force(true);
    }
    LOG.warn(
        "Log {} ended in an unfinished record; it was cut off: {} now ends at entry {} and has {}"
            + " bytes",
        id,
        file.segment().file(),
        file.last(),
        file.cutTo());
  }
}
