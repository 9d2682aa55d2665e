package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.LogStories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A connection on which nothing arrives, though a new one would do. */
@Timeout(120)
class ForgottenConnectionsTest extends LogStories {
  private final List<Relay> relays = new ArrayList<>();

  @TempDir Path directory;

  @Override
  protected LogRig startRig() {
    return RatisRig.behind(directory, 3, relays);
  }

  @AfterEach
  void closeRelays() throws Exception {
    for (Relay each : relays) {
      each.close();
    }
  }

  @Test
  void whoseVoteIsNeededIsAskedOnANewOne() {
    Member former = leader();
    propose(former, "before");
    awaitAppliedEverywhere(1);
    kill((nodeOf(former) + 1) % 3);
    Member other = members[(nodeOf(former) + 2) % 3];

    relays.forEach(Relay::forget);
    // From here on nobody else can lead: the other one's log is shorter.
    propose(former, "in one log only");
    awaitApplied(other, 2);

    Member next = leader();
    assertThat(nodeOf(next)).isEqualTo(nodeOf(former));
    propose(next, "after");
    awaitApplied(other, 3);
  }

  @Test
  void aFollowerIsFoundAgainThoughItsNewConnectionWasNeverAnswered() {
    Member leader = leader();
    int away = (nodeOf(leader) + 1) % 3;
    propose(leader, "before");
    awaitAppliedEverywhere(1);

    Relay before = relays.get(away);
    int known = before.accepted();
    before.forgetAll();
    propose(leader, "without it");
    rig.await("a new connection is taken", () -> before.accepted() > known);
    before.recover();

    awaitAppliedEverywhere(2);
  }
}
