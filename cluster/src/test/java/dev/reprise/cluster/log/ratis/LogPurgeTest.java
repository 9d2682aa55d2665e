package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.LogPurgedException;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log is cut behind what the replica has flushed, and only there. */
class LogPurgeTest {
  private static final LogId LOG = LogId.partition(1);

  /** Segments of 64 KiB; the log is cut every 100 entries. */
  private static final Tuning SMALL =
      new Tuning(Duration.ofSeconds(1), Duration.ofSeconds(2), 64 << 10, 100, 10);

  @TempDir Path directory;
  private RatisRig rig;
  private RecordingReplica replica;
  private ReplicatedLog log;

  @BeforeEach
  void open() {
    rig = RatisRig.alone(directory, SMALL);
    replica = new RecordingReplica(rig::changed);
    log = rig.open(0, LOG, replica);
    rig.await("it leads", () -> replica.leading().isPresent());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void nothingIsCutThatIsNotFlushed() throws IOException {
    propose(600);

    assertThat(firstHeld()).isZero();
  }

  @Test
  void whatIsFlushedIsCutInWholeFiles() throws IOException {
    propose(600);
    replica.flush();

    // The files are deleted by the thread that also writes the entries: some more, and it is done.
    while (firstHeld() == 0 && replica.texts().size() < 5000) {
      propose(50);
    }
    assertThat(firstHeld()).isPositive().isLessThan(600);
    assertThat(replica.violations()).isEmpty();
  }

  @Test
  void itIsCutAtOnceForWhoeverAsks() {
    propose(600);
    LogMembers members = members();
    assertThat(members.firstIndex()).isEqualTo(1);
    replica.flush();

    // No further entry follows, at which it would look by itself.
    members.cut().orTimeout(60, TimeUnit.SECONDS).join();

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (members.firstIndex() == 1) {
      assertThat(System.nanoTime()).as("first entry still held").isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(members.firstIndex()).isLessThanOrEqualTo(members.flushedIndex());
    assertThat(replica.violations()).isEmpty();
  }

  private LogMembers members() {
    return Objects.requireNonNull(rig.node(0).members(LOG));
  }

  @Test
  void aCutLogGoesOnAfterARestart() {
    propose(600);
    replica.flush();
    propose(200);
    rig.kill(0);
    rig.restart(0);

    replica = replica.survivingWith(600);
    log = rig.open(0, LOG, replica);
    rig.await("it leads", () -> replica.leading().isPresent());
    propose(10);

    assertThat(replica.texts()).hasSize(810).doesNotHaveDuplicates();
    assertThat(replica.violations()).isEmpty();
  }

  @Test
  void aReplicaOlderThanTheLogIsRefused() {
    propose(600);
    replica.flush();
    propose(400);
    rig.kill(0);
    rig.restart(0);

    RecordingReplica old = new RecordingReplica(rig::changed);
    assertThatThrownBy(() -> rig.open(0, LOG, old)).isInstanceOf(LogPurgedException.class);

    log = rig.open(0, LOG, replica.survivingWith(600));
  }

  private void propose(int count) {
    int from = replica.texts().size();
    for (int i = from; i < from + count; i++) {
      String entry = "entry " + i + " " + "x".repeat(400);
      log.propose(replica.leading().orElseThrow(), entry.getBytes(StandardCharsets.UTF_8));
    }
    rig.await("they are applied", () -> replica.texts().size() == from + count);
  }

  /** The index that the oldest file begins with, in Ratis's count. */
  private long firstHeld() throws IOException {
    try (Stream<Path> files = Files.list(RatisNode.directoryOf(directory, LOG))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("log_"))
          .mapToLong(name -> Long.parseLong(name.replaceAll("log_(inprogress_)?(\\d+).*", "$2")))
          .min()
          .orElseThrow();
    }
  }
}
