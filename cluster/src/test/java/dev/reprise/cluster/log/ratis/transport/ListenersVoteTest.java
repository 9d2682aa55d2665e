package dev.reprise.cluster.log.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.Test;

/** A listener votes only where nobody can win without the candidate. */
class ListenersVoteTest {
  private static final RaftPeerId CANDIDATE = RaftPeerId.valueOf("n1");
  private static final RaftPeerId SELF = RaftPeerId.valueOf("n2");

  @Test
  void theOnlyVoterIsVotedForWhileTheListenerBecomesTheSecond() {
    assertThat(isNeeded(peers(), peers("n1"))).isTrue();
    assertThat(isNeeded(peers("n1"), peers("n1", "n2"))).isTrue();
    assertThat(isNeeded(peers(), peers("n1", "n2"))).isTrue();
    assertThat(isNeeded(peers("n1"), peers("n1", "n2", "n3"))).isTrue();
  }

  @Test
  void nobodyIsWhereOthersMayElectAnother() {
    assertThat(isNeeded(peers(), peers())).isFalse();
    assertThat(isNeeded(peers(), peers("n3"))).isFalse();
    assertThat(isNeeded(peers(), peers("n1", "n3"))).isFalse();
    assertThat(isNeeded(peers(), peers("n1", "n2", "n3"))).isFalse();
    assertThat(isNeeded(peers("n1", "n3"), peers("n1", "n2", "n3"))).isFalse();
    assertThat(isNeeded(peers("n3"), peers("n1", "n2"))).isFalse();
  }

  private static boolean isNeeded(Set<RaftPeerId> before, Set<RaftPeerId> now) {
    return ListenersVote.isNeeded(CANDIDATE, SELF, before, now);
  }

  private static Set<RaftPeerId> peers(String... names) {
    return Stream.of(names).map(RaftPeerId::valueOf).collect(Collectors.toSet());
  }
}
