package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.log.LogDamagedException;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash leaves at the end of a log is cut off; anything else is refused. */
class LogRepairTest {
  private static final LogId LOG = LogId.partition(1);
  private static final LogId OTHER = LogId.partition(2);
  private static final int ENTRIES = 50;

  @TempDir Path directory;
  private RatisRig rig;

  @BeforeEach
  void writeALog() {
    rig = RatisRig.alone(directory, RatisSettings.Tuning.DEFAULT);
    RecordingReplica replica = new RecordingReplica(rig::changed);
    ReplicatedLog log = open(LOG, replica);
    for (int i = 0; i < ENTRIES; i++) {
      log.propose(replica.leading().orElseThrow(), entry(i));
    }
    rig.await("all are applied", () -> replica.told().size() == ENTRIES);
    rig.kill(0);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void aRecordWithoutItsEndIsCutOff() throws IOException {
    cutTo(length() - 3);

    assertHolds(ENTRIES - 1);
  }

  @Test
  void aRecordWhoseEndIsZeroIsCutOff() throws IOException {
    long end = length();
    overwrite(end - 300, new byte[300 + 4096]);

    assertHolds(ENTRIES - 1);
  }

  @Test
  void aRecordOfWhichOnlyTheFirstByteWasWrittenIsCutOff() throws IOException {
    append(new byte[] {(byte) 0x90});
    append(new byte[4096]);

    assertHolds(ENTRIES);
  }

  @Test
  void aRecordWithAnEmptySectorInItsMiddleIsCutOff() throws IOException {
    long end = length();
    long sector = (end - 900) / 512 * 512;
    overwrite(sector, new byte[512]);

    assertHolds(ENTRIES - 1);
  }

  @Test
  void allocatedSpaceBehindTheLastRecordIsNoDamage() throws IOException {
    append(new byte[1 << 20]);

    assertHolds(ENTRIES);
  }

  @Test
  void afterACutTheLogGoesOn() throws IOException {
    cutTo(length() - 3);
    rig.restart(0);
    RecordingReplica replica = new RecordingReplica(rig::changed);
    ReplicatedLog log = open(LOG, replica);

    log.propose(replica.leading().orElseThrow(), "new".getBytes(StandardCharsets.UTF_8));

    rig.await("it is applied", () -> replica.texts().size() == ENTRIES);
    assertThat(replica.texts()).endsWith("new");
  }

  @Test
  void aWrongByteInTheMiddleIsRefusedAndOtherLogsOpen() throws IOException {
    Path file = segment();
    overwrite(length() / 2, new byte[] {(byte) 0xff, (byte) 0xff});
    byte[] damaged = Files.readAllBytes(file);
    rig.restart(0);

    assertThatThrownBy(() -> rig.open(0, LOG, new RecordingReplica(rig::changed)))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("damaged at byte");
    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    open(OTHER, new RecordingReplica(rig::changed));
  }

  @Test
  void aWrongByteInTheLastWholeRecordIsRefused() throws IOException {
    overwrite(length() - 500, new byte[] {(byte) 0xff, (byte) 0xff});
    rig.restart(0);

    assertThatThrownBy(() -> rig.open(0, LOG, new RecordingReplica(rig::changed)))
        .isInstanceOf(LogDamagedException.class);
  }

  @Test
  void aWrongBitInTheLengthOfTheLastRecordIsRefused() throws IOException {
    Path file = segment();
    byte[] intact = Files.readAllBytes(file);
    int last = startOfLastRecord(intact);
    for (int bit = 0; bit < 16; bit++) {
      byte[] damaged = intact.clone();
      damaged[last + bit / 8] ^= (byte) (1 << bit % 8);

      assertThat(SegmentScan.of(damaged))
          .as("bit " + bit)
          .isInstanceOf(SegmentScan.Result.Damaged.class);
    }
  }

  @Test
  void zerosInTheMiddleAreRefused() throws IOException {
    overwrite(length() / 2, new byte[600]);
    rig.restart(0);

    assertThatThrownBy(() -> rig.open(0, LOG, new RecordingReplica(rig::changed)))
        .isInstanceOf(LogDamagedException.class);
  }

  @Test
  void aSecondNodeOnTheSameDirectoryIsRefused() {
    rig.restart(0);

    assertThatThrownBy(() -> RatisNode.start(RatisSettings.alone("n2", directory)))
        .isInstanceOf(LogException.class)
        .hasMessageContaining("a node runs");
  }

  private void assertHolds(int entries) {
    rig.restart(0);
    RecordingReplica replica = new RecordingReplica(rig::changed);
    open(LOG, replica);
    rig.await("the entries are told again", () -> replica.told().size() >= entries);
    assertThat(replica.texts())
        .isEqualTo(
            IntStream.range(0, entries)
                .mapToObj(i -> new RecordingReplica.Told(replica.start(), entry(i)).text())
                .toList());
  }

  /** Opens and waits until it leads, which also means that all of the log was applied. */
  private ReplicatedLog open(LogId id, RecordingReplica replica) {
    ReplicatedLog log = rig.open(0, id, replica);
    rig.await("it leads", () -> replica.leading().isPresent());
    return log;
  }

  /** About two sectors long, without a zero byte. */
  private static byte[] entry(int number) {
    return ("entry " + number + " ").repeat(150).getBytes(StandardCharsets.UTF_8);
  }

  private Path segment() throws IOException {
    Path logs = RatisNode.directoryOf(directory, LOG);
    try (Stream<Path> files = Files.list(logs)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
          .findFirst()
          .orElseThrow();
    }
  }

  private long length() throws IOException {
    return Files.size(segment());
  }

  private static int startOfLastRecord(byte[] file) {
    byte[] beginning = ("entry " + (ENTRIES - 1) + " ").getBytes(StandardCharsets.UTF_8);
    for (int at = file.length - 1; at > 0; at--) {
      SegmentScan.Result before = SegmentScan.of(Arrays.copyOf(file, at));
      if (before instanceof SegmentScan.Result.Intact intact && intact.records() == ENTRIES) {
        // One record more than the entries: Ratis begins with its configuration.
        assertThat(new String(file, at, 200, StandardCharsets.ISO_8859_1))
            .contains(new String(beginning, StandardCharsets.ISO_8859_1));
        return at;
      }
    }
    throw new IllegalStateException("Expected a last record, but found none");
  }

  private void cutTo(long length) throws IOException {
    try (FileChannel file = FileChannel.open(segment(), StandardOpenOption.WRITE)) {
      file.truncate(length);
    }
  }

  private void append(byte[] bytes) throws IOException {
    overwrite(length(), bytes);
  }

  private void overwrite(long at, byte[] bytes) throws IOException {
    try (FileChannel file = FileChannel.open(segment(), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes), at);
    }
  }
}
