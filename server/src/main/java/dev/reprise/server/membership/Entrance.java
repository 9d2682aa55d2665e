package dev.reprise.server.membership;

import dev.reprise.api.nodes.v1.JoinRequest;
import dev.reprise.api.nodes.v1.JoinResponse;
import dev.reprise.api.nodes.v1.NodeAddress;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.storage.table.RuleVersion;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node with an empty directory comes into a cluster: it joins through any node that is in one
 * already, and founds one only when it is the one to do so and most others say that there is none.
 */
public final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
  private static final long PAUSE_NANOS = Duration.ofMillis(300).toNanos();
  private static final int TURNS_PER_LINE = 30;
  private static final Pattern ORDINAL = Pattern.compile(".*-(\\d+)");

  private final Identity self;
  private final String zone;
  private final Peers peers;
  private final Founding founding;
  private final NodeTls tls;

  /**
   * When a node founds a cluster.
   *
   * @param auto whether it may without being told to
   * @param expected how many nodes there are at least, this one among them, of which most must say
   *     that there is none
   */
  public record Founding(boolean auto, int expected) {}

  /** How it came in. */
  public sealed interface Outcome {
    /** It is the first, and founds the cluster. */
    record Founds() implements Outcome {}

    /** It is a member of one that was there. */
    record Joined(ReplicaId replica, String fingerprint, int partitions) implements Outcome {}
  }

  /** Not allowed in; the message is for whoever started the node. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  public Entrance(Identity self, String zone, Peers peers, Founding founding, NodeTls tls) {
    this.self = self;
    this.zone = zone;
    this.peers = peers;
    this.founding = founding;
    this.tls = tls;
  }

  /**
   * Returns once it is clear how. Blocks for as long as that takes.
   *
   * @param provisioned whether somebody has told this node to found the cluster
   * @param wanted false when the node is stopped meanwhile
   * @throws Refused if it cannot be, whatever happens
   */
  public Outcome enter(BooleanSupplier provisioned, BooleanSupplier wanted) {
    try (Identities identities = new Identities();
        NodesClient nodes = new NodesClient(tls)) {
      for (int turn = 0; wanted.getAsBoolean(); turn++) {
        List<Address> addresses = peers.resolve();
        int without = 0;
        for (Address address : addresses) {
          if (isSelf(address)) {
            continue;
          }
          Identity there = identities.ask(address);
          if (there == null) {
            continue;
          }
          if (there.addresses().equals(self.addresses())) {
            // An address of this very node, under another name.
            continue;
          }
          expectSameCluster(address, there);
          Outcome joined = there.known() == null ? null : join(nodes, there);
          if (joined != null) {
            return joined;
          }
          without += there.known() == null ? 1 : 0;
        }
        if (provisioned.getAsBoolean() || founds(addresses, without)) {
          return new Outcome.Founds();
        }
        if (turn % TURNS_PER_LINE == TURNS_PER_LINE - 1) {
          LOG.info("waits for a cluster to join: {}", waitsFor(addresses, without));
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    throw new Refused("The node was stopped before it was in a cluster");
  }

  private boolean isSelf(Address address) {
    return address.equals(self.addresses().node());
  }

  private void expectSameCluster(Address address, Identity there) {
    if (!there.cluster().equals(self.cluster())) {
      throw new Refused(
          "Expected nodes of cluster "
              + self.cluster()
              + " among the peers, but "
              + address
              + " is configured for "
              + there.cluster()
              + "; correct --cluster-name or --peers");
    }
    if (there.tls() != self.tls()) {
      throw new Refused(self.unlike(address, there));
    }
  }

  /**
   * The first of the list, or of a set of numbered names; and only if most of the others have no
   * cluster either: one that lost its disk must not found a second one.
   */
  private boolean founds(List<Address> addresses, int without) {
    if (!founding.auto() || !isFirst(addresses)) {
      return false;
    }
    long others = addresses.stream().filter(it -> !isSelf(it)).count();
    boolean listed = others < addresses.size();
    long all = peers.areNamed() && !listed ? Math.max(1, addresses.size()) : others + 1;
    return 1 + without > Math.max(all, founding.expected()) / 2;
  }

  private boolean isFirst(List<Address> addresses) {
    if (peers.areNamed()) {
      var ordinal = ORDINAL.matcher(self.name());
      return ordinal.matches() && Integer.parseInt(ordinal.group(1)) == 0;
    }
    return !addresses.isEmpty() && isSelf(addresses.getFirst());
  }

  private String waitsFor(List<Address> addresses, int without) {
    if (founding.auto() && isFirst(addresses)) {
      return "it would found one, but of "
          + addresses
          + (founding.expected() > addresses.size()
              ? ", where " + founding.expected() + " nodes are expected,"
              : "")
          + " only "
          + (without + 1)
          + " answered that they have none";
    }
    return "none of "
        + addresses
        + " is in one yet; "
        + (founding.auto()
            ? peers.areNamed() ? "the node whose name ends in -0 founds it" : "the first founds it"
            : "'restatectl provision' founds it");
  }

  private @Nullable Outcome join(NodesClient nodes, Identity there) {
    JoinRequest request =
        JoinRequest.newBuilder()
            .setClusterName(self.cluster())
            .setNodeName(self.name())
            .setZone(zone)
            .setNode(address(self.addresses().node()))
            .setRaft(address(self.addresses().raft()))
            .setInternode(address(self.addresses().internode()))
            .setRules(RuleVersion.newest())
            .build();
    try {
      JoinResponse answer = nodes.join(there.addresses().internode(), request).join();
      return new Outcome.Joined(
          new ReplicaId(new NodeId(answer.getNode()), answer.getGeneration()),
          answer.getFingerprint(),
          answer.getPartitions());
    } catch (CompletionException e) {
      if (e.getCause() instanceof StatusRuntimeException status && isFinal(status)) {
        throw new Refused(String.valueOf(Status.fromThrowable(status).getDescription()));
      }
      String certificates = NodeTls.problem(e);
      if (certificates != null) {
        throw new Refused(
            "Expected "
                + there.name()
                + " at "
                + there.addresses().internode()
                + " and this node to believe each other's certificates, but: "
                + certificates
                + "; correct the three cluster-…-pem-file options");
      }
      LOG.debug("{} cannot be joined through yet", there.addresses().internode(), e);
      return null;
    }
  }

  private static boolean isFinal(StatusRuntimeException refused) {
    return switch (refused.getStatus().getCode()) {
      case ALREADY_EXISTS, FAILED_PRECONDITION, INVALID_ARGUMENT -> true;
      default -> false;
    };
  }

  private static NodeAddress address(Address address) {
    return NodeAddress.newBuilder().setHost(address.host()).setPort(address.port()).build();
  }
}
