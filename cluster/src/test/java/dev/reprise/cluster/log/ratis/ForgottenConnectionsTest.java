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

/** A connection on which nothing arrives any more, though a new one would do. */
@Timeout(120)
class ForgottenConnectionsTest extends LogStories {
  private final List<Relay> relays = new ArrayList<>();

  @TempDir Path directory;

  @Override
  protected LogRig startRig() {
    return RatisRig.behind(directory, 2, relays);
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

    relays.forEach(Relay::forget);
    // From here on nobody else can lead: the other one's log is shorter.
    propose(former, "in one log only");
    awaitAppliedEverywhere(2);

    Member next = leader();
    assertThat(nodeOf(next)).isEqualTo(nodeOf(former));
    propose(next, "after");
    awaitAppliedEverywhere(3);
  }
}
