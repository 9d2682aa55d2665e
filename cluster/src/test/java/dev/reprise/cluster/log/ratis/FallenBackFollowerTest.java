package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.LogStories;
import dev.reprise.cluster.log.RecordingReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower comes back with another log than its leader expects: with less than it had
 * acknowledged, as one does whose damaged files were replaced by another replica's state, or with
 * entries that nobody else has. Its leader must listen to it.
 */
@Timeout(180)
class FallenBackFollowerTest extends LogStories {
  @TempDir Path directory;
  private Member leader;
  private int follower;

  @Override
  protected LogRig startRig() {
    return RatisRig.cluster(directory.resolve("nodes"), 3);
  }

  @BeforeEach
  void threeHaveTheSame() {
    leader = leader();
    follower = (nodeOf(leader) + 1) % 3;
    proposeMany(leader, "agreed-", 20);
    awaitAppliedEverywhere(20);
  }

  @Test
  void itGetsWhatItLacksThoughNothingNewIsWritten() throws IOException {
    comesBackWithLess();

    awaitAppliedEverywhere(30);
  }

  @Test
  void itGetsWhatItLacksWhileMoreIsWritten() throws IOException {
    comesBackWithLess();
    proposeMany(leader, "more-", 2_000);

    awaitAppliedEverywhere(2_030);
  }

  @Test
  void aFormerLeaderDropsAtOnceWhatNobodyElseHas() {
    int former = nodeOf(leader);
    List<Integer> others = List.of((former + 1) % 3, (former + 2) % 3);
    others.forEach(this::kill);
    proposeMany(leader, "lost-", 400);
    kill(former);

    others.forEach(it -> start(it, members[it].replica.reopened()));
    Member next = leader();
    proposeMany(next, "kept-", 400);
    start(former, members[former].replica.reopened());

    awaitAppliedEverywhere(420);
    assertSame(members[former].replica.told(), next.replica.told());
  }

  /** It acknowledges ten more, and forgets them. */
  private void comesBackWithLess() throws IOException {
    Path files = directory.resolve("nodes").resolve("n" + (follower + 1));
    Path older = directory.resolve("older");
    kill(follower);
    RecordingReplica before = members[follower].replica;
    copy(files, older);
    start(follower, before.reopened());
    proposeMany(leader, "forgotten-", 10);
    awaitAppliedEverywhere(30);

    kill(follower);
    LogFiles.delete(LOG, files);
    copy(older, files);
    start(follower, before.reopened());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copied = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copied);
        } else {
          Files.copy(file, copied);
        }
      }
    }
  }
}
