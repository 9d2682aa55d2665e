package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.LogPurgedException;
import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.LogStories;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower lacks no more than what its leader's log holds, but the leader has forgotten the entry
 * before, by which the two would find out that they agree.
 */
@Timeout(180)
class CutAtFollowerTest extends LogStories {
  private static final int SEGMENT = 64 << 10;

  /** What is flushed is cut but for the last 8 KiB. */
  private static final Tuning SMALL =
      new Tuning(Duration.ofMillis(500), Duration.ofMillis(1000), SEGMENT, 100, 10, 8 << 10);

  /** They fill one file, and a part of the next. */
  private static final int ENTRIES = 220;

  private static final int NEARLY_FULL = 140;

  private static final String LONG = "x".repeat(400) + " ";

  private final List<Relay> relays = new ArrayList<>();

  @TempDir Path directory;
  private Member leader;
  private int follower;

  @Override
  protected LogRig startRig() {
    return RatisRig.behind(directory, 3, relays, SMALL);
  }

  @BeforeEach
  void somebodyLeads() {
    leader = leader();
    follower = (nodeOf(leader) + 1) % 3;
  }

  @AfterEach
  void closeRelays() throws Exception {
    for (Relay each : relays) {
      each.close();
    }
  }

  @Test
  void whoseStateEndsThereGetsTheRest() throws IOException {
    proposeMany(leader, LONG, ENTRIES);
    awaitAppliedEverywhere(ENTRIES);
    kill(follower);
    long cutUpTo = leaderCutsItsLog();
    for (LogSegment file : LogSegment.in(filesOf(follower))) {
      Files.delete(file.file());
    }
    RecordingReplica rebuilt = leader.replica.survivingWith(entriesUpTo(cutUpTo));
    assertThat(rebuilt.applied().index()).isEqualTo(cutUpTo);

    start(follower, rebuilt);

    awaitAppliedEverywhere(ENTRIES);
    proposeMany(leader, "more ", 10);
    awaitAppliedEverywhere(ENTRIES + 10);
    assertSame(rebuilt.told(), leader.replica.told());
  }

  @Test
  void whoWasCutOffThereAsksForAnothersStateAndDoesNotWait() throws IOException {
    int before = proposeUntilTheFileIsFull();
    relays.get(follower).forgetAll();
    proposeMany(leader, LONG, ENTRIES - before);
    awaitApplied(leader, ENTRIES);
    RecordingReplica cutOff = members[follower].replica;
    assertThat(leaderCutsItsLog()).isEqualTo(cutOff.applied().index());

    relays.get(follower).recover();

    rig.await("it says so", () -> cutOff.failure() != null);
    assertThat(cutOff.failure()).isInstanceOf(LogPurgedException.class);
    assertThat(cutOff.told()).hasSize(before);
  }

  /** All of them are applied everywhere. Gives how many it proposed. */
  private int proposeUntilTheFileIsFull() throws IOException {
    Path file = LogSegment.in(filesOf(nodeOf(leader))).getFirst().file();
    proposeMany(leader, LONG, NEARLY_FULL);
    awaitAppliedEverywhere(NEARLY_FULL);
    int size = written(file);
    for (int proposed = NEARLY_FULL + 1; ; proposed++) {
      propose(leader, LONG);
      awaitAppliedEverywhere(proposed);
      int record = written(file) - size;
      size += record;
      if (size + record > SEGMENT) {
        return proposed;
      }
    }
  }

  /** Without the space for more, which is zeros. */
  private static int written(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  /** Gives up to where: it is what was its first file. */
  private long leaderCutsItsLog() throws IOException {
    LogSegment first = LogSegment.in(filesOf(nodeOf(leader))).getFirst();
    LogMembers log =
        Objects.requireNonNull(((RatisRig) rig).node(nodeOf(leader)).members(LOG), "its log");
    leader.replica.flush();
    log.cut().orTimeout(60, TimeUnit.SECONDS).join();
    long cutUpTo = first.last() + 1;
    rig.await("the first file is gone", () -> log.firstIndex() == cutUpTo + 1);
    return cutUpTo;
  }

  private Path filesOf(int node) {
    return RatisNode.directoryOf(directory.resolve("n" + (node + 1)), LOG);
  }

  private int entriesUpTo(long index) {
    return (int) leader.replica.told().stream().filter(it -> it.at().index() <= index).count();
  }
}
