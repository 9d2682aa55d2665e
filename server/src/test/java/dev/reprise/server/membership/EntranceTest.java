package dev.reprise.server.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.Member;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.membership.Entrance.Founding;
import dev.reprise.server.membership.Entrance.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node whose disk is empty, while the name of the others has no address but its own. */
@Timeout(60)
class EntranceTest {
  private static final Address NODE = new Address("127.0.0.1", 15_122);

  @Test
  void itFoundsAClusterIfItExpectsNobodyElse() {
    assertThat(enter("store-0", new Founding(true, 0))).isInstanceOf(Outcome.Founds.class);
    assertThat(enter("store-0", new Founding(true, 1))).isInstanceOf(Outcome.Founds.class);
  }

  @Test
  void itWaitsForThoseThatItExpects() {
    assertThatThrownBy(() -> enter("store-0", new Founding(true, 3)))
        .isInstanceOf(Entrance.Refused.class)
        .hasMessageContaining("stopped before it was in a cluster");
  }

  @Test
  void itFoundsNoneIfItIsNotTheFirst() {
    assertThatThrownBy(() -> enter("store-1", new Founding(true, 0)))
        .isInstanceOf(Entrance.Refused.class);
  }

  private static Outcome enter(String name, Founding founding) {
    Member.Addresses addresses =
        new Member.Addresses(
            NODE, new Address("127.0.0.1", 15_123), new Address("127.0.0.1", 15_124));
    Identity self = new Identity("store", name, addresses, false, null);
    Peers peers = Peers.of(List.of("dns:127.0.0.1"), NODE.port());
    AtomicInteger turns = new AtomicInteger(3);
    return new Entrance(self, "", peers, founding, NodeTls.NONE)
        .enter(() -> false, () -> turns.getAndDecrement() > 0);
  }
}
