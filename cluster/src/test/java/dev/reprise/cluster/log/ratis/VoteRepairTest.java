package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.LogStories;
import dev.reprise.storage.files.SafeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A full disk may cost a replica what it had voted; it comes back, and votes for nobody twice. */
@Timeout(180)
class VoteRepairTest extends LogStories {
  @TempDir Path directory;

  @Override
  protected LogRig startRig() {
    return RatisRig.cluster(directory.resolve("nodes"), 3);
  }

  @Test
  void whoLostItsVoteAndMembersComesBackAndTheOthersGoOn() throws IOException {
    Member leader = leader();
    int lost = (nodeOf(leader) + 1) % 3;
    proposeMany(leader, "before-", 20);
    awaitAppliedEverywhere(20);

    kill(lost);
    long before = term(leader);
    Files.write(vote(lost), new byte[0]);
    // Ratis gets over this one by itself.
    Files.write(vote(lost).resolveSibling("raft-meta.conf"), new byte[0]);
    start(lost, members[lost].replica.reopened());

    rig.await(
        "somebody leads in a later term",
        () -> {
          Member now = leader();
          return term(now) > before + VoteRepair.LEAP;
        });
    proposeMany(leader(), "after-", 20);
    awaitAppliedEverywhere(40);
  }

  @Test
  void aVoteThatIsLostTwiceWithoutAnEntryBetweenIsNeverInAnOldTerm() throws IOException {
    kill(0);
    Path vote = vote(0);
    Files.writeString(vote, "#\n#Fri\nterm=5");

    VoteRepair.run(LOG, current(0), new LogPosition(7, 1));
    long first = termIn(vote);
    Files.write(vote, new byte[0]);
    VoteRepair.run(LOG, current(0), new LogPosition(7, 1));

    assertThat(first).isGreaterThanOrEqualTo(7 + VoteRepair.LEAP);
    assertThat(termIn(vote)).isEqualTo(first + VoteRepair.LEAP);
    assertThat(SafeFile.read(vote)).containsEntry("votedFor", "");
  }

  @Test
  void aVoteThatIsThereIsNotTouched() throws IOException {
    leader();
    kill(0);
    String before = Files.readString(vote(0));

    VoteRepair.run(LOG, current(0), new LogPosition(7, 1));

    assertThat(Files.readString(vote(0))).isEqualTo(before);
  }

  private static long termIn(Path vote) throws IOException {
    return Long.parseLong(SafeFile.read(vote).getProperty("term"));
  }

  private Path vote(int node) {
    return current(node).resolve("raft-meta");
  }

  private Path current(int node) {
    return directory
        .resolve("nodes")
        .resolve("n" + (node + 1))
        .resolve(RatisNode.groupOf(LOG).getUuid().toString())
        .resolve("current");
  }
}
