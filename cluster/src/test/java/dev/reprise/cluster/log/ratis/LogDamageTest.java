package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reprise.cluster.log.LogDamagedException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One bit of a log is not what it was: it is found, and either the replica's store has all that the
 * damaged file was for, or the log is refused. A wrong or a missing entry is never told.
 */
class LogDamageTest {
  private static final LogId LOG = LogId.partition(1);
  private static final int ENTRIES = 400;
  private static final int ROUNDS = 25;

  /** Segments of 32 KiB: the log has some six of them. */
  private static final Tuning SMALL =
      new Tuning(Duration.ofSeconds(1), Duration.ofSeconds(2), 32 << 10, 100_000, 10);

  private final SplittableRandom random = new SplittableRandom(seed());

  @TempDir Path directory;
  private RatisRig rig;
  private RecordingReplica complete;

  private static long seed() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("LogDamageTest: -Dseed=" + seed);
    return seed;
  }

  @BeforeEach
  void writeALog() {
    rig = RatisRig.alone(directory, SMALL);
    complete = new RecordingReplica(rig::changed);
    ReplicatedLog log = rig.open(0, LOG, complete);
    rig.await("it leads", () -> complete.leading().isPresent());
    for (int i = 0; i < ENTRIES; i++) {
      log.propose(complete.leading().orElseThrow(), entry(i));
    }
    rig.await("all are applied", () -> complete.told().size() == ENTRIES);
    rig.kill(0);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void aFlippedBitIsHarmlessWhereTheStoreHasTheEntries() throws IOException {
    flipOneBit(anySegment());

    rig.restart(0);
    RecordingReplica replica = complete.reopened();
    ReplicatedLog log = rig.open(0, LOG, replica);
    rig.await("it leads", () -> replica.leading().isPresent());
    log.propose(replica.leading().orElseThrow(), entry(ENTRIES));
    rig.await("it goes on", () -> replica.told().size() == ENTRIES + 1);

    assertThat(replica.violations()).isEmpty();
    rig.kill(0);
    rig.restart(0);
    RecordingReplica again = replica.survivingWith(ENTRIES);
    rig.open(0, LOG, again);
    rig.await("the rest is told again", () -> again.told().size() == ENTRIES + 1);
  }

  @Test
  void aFlippedBitIsNeverTold() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      int durable = random.nextInt(ENTRIES + 1);
      Path file = anySegment();
      byte[] before = Files.readAllBytes(file);
      flipOneBit(file);
      byte[] flipped = Files.readAllBytes(file);
      RecordingReplica replica = complete.survivingWith(durable);

      rig.restart(0);
      Throwable refused = catchThrowable(() -> rig.open(0, LOG, replica));

      if (refused == null) {
        rig.await("the rest is told again", () -> replica.told().size() >= ENTRIES);
        assertThat(replica.texts()).isEqualTo(complete.texts());
        return; // It has lost files, and would need others to be told again from the start.
      }
      assertThat(refused)
          .isInstanceOfSatisfying(
              LogDamagedException.class,
              damage -> {
                assertThat(damage.file()).isEqualTo(file);
                assertThat(damage.lastHeld()).isGreaterThanOrEqualTo(complete.applied().index());
              });
      assertThat(Files.readAllBytes(file)).isEqualTo(flipped);
      rig.kill(0);
      Files.write(file, before);
    }
  }

  @Test
  void aLogThatEndsBeforeTheStoreBeginsAnew() throws IOException {
    List<LogSegment> segments = LogSegment.in(RatisNode.directoryOf(directory, LOG));
    for (LogSegment segment : segments.subList(segments.size() / 2, segments.size())) {
      Files.delete(segment.file());
    }

    rig.restart(0);
    RecordingReplica replica = complete.reopened();
    ReplicatedLog log = rig.open(0, LOG, replica);
    rig.await("it leads", () -> replica.leading().isPresent());
    log.propose(replica.leading().orElseThrow(), entry(ENTRIES));
    rig.await("it goes on", () -> replica.told().size() == ENTRIES + 1);

    assertThat(replica.texts()).endsWith(text(entry(ENTRIES)));
    assertThat(replica.violations()).isEmpty();
  }

  private Path anySegment() throws IOException {
    List<LogSegment> segments = LogSegment.in(RatisNode.directoryOf(directory, LOG));
    assertThat(segments).hasSizeGreaterThan(3);
    return segments.get(random.nextInt(segments.size())).file();
  }

  private void flipOneBit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int written =
        IntStream.iterate(bytes.length, i -> i > 0 && bytes[i - 1] == 0, i -> i - 1)
            .map(i -> i - 1)
            .min()
            .orElse(bytes.length);
    int at = random.nextInt(written);
    int bit = random.nextInt(8);
    bytes[at] ^= (byte) (1 << bit);
    System.out.println("bit " + bit + " of byte " + at + " of " + file.getFileName());
    Files.write(file, bytes);
  }

  private static byte[] entry(int number) {
    return ("entry " + number + " ").repeat(40).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] entry) {
    return new String(entry, 0, 40, StandardCharsets.UTF_8);
  }
}
