package dev.reprise.server.internode;

import static org.assertj.core.api.Assertions.fail;

import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.log.ratis.RatisSettings.Peer;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.cluster.simulation.ScriptedServices;
import dev.reprise.storage.model.LimitRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three nodes with real logs and real connections, each with a copy of every partition. */
final class Town implements AutoCloseable {
  static final long DEADLINE_SECONDS = 120;
  private static final int SIZE = 3;

  private final KeyRanges ranges;
  private final ScriptedServices services;
  private final List<TownNode> nodes = new ArrayList<>();

  /** The newest leaders, as all nodes that run hear of them; guarded by this. */
  private final @Nullable Led[] leaders;

  private record Led(NodeId node, long term) {}

  Town(Path directory, int partitions, long seed) throws IOException {
    System.out.println("seed " + seed);
    ranges = new KeyRanges(partitions);
    services = new ScriptedServices(ranges, seed);
    leaders = new Led[partitions];
    List<Peer> peers = new ArrayList<>();
    for (int port : freePorts(SIZE)) {
      peers.add(new Peer("N" + (peers.size() + 1), "127.0.0.1", port));
    }
    // Half a second to one, so that a busy machine is not mistaken for a dead one.
    Tuning tuning =
        new Tuning(Duration.ofMillis(500), Duration.ofMillis(1000), 16L << 20, 1024, 4096);
    for (Peer peer : peers) {
      Path own = directory.resolve(peer.id());
      nodes.add(
          new TownNode(
              this,
              NodeId.parse(peer.id()),
              new RatisSettings(peer.id(), own, peers, false, "127.0.0.1", tuning)));
    }
    nodes.forEach(it -> it.know(view()));
    nodes.forEach(TownNode::openPartitions);
    for (int partition = 0; partition < partitions; partition++) {
      leaderOf(partition);
    }
  }

  /** Every node knows these rules for limits. */
  void know(LimitRules rules) {
    for (TownNode node : nodes) {
      for (int partition = 0; partition < ranges.partitions(); partition++) {
        node.partition(partition).know(rules);
      }
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  /** The cluster as it is. */
  ClusterView view() {
    List<Member> members = nodes.stream().map(Town::member).toList();
    List<ReplicaId> everywhere = members.stream().map(Member::replica).toList();
    List<PartitionReplicas> placed =
        IntStream.range(0, ranges.partitions())
            .mapToObj(it -> new PartitionReplicas(it, 1, everywhere, true))
            .toList();
    return new ClusterView(1, "town", "f1", SIZE + 1, 3, 1, members, placed);
  }

  private static Member member(TownNode node) {
    Address internode = new Address("127.0.0.1", node.internodePort());
    return new Member(
        node.id(),
        1,
        node.id().toString(),
        "",
        Member.Standing.ACTIVE,
        new Member.Addresses(internode, internode, internode),
        1);
  }

  KeyRanges ranges() {
    return ranges;
  }

  ScriptedServices services() {
    return services;
  }

  TownNode node(int number) {
    return nodes.get(number);
  }

  List<TownNode> nodes() {
    return nodes;
  }

  /** A node has begun to lead; all that run hear of it. */
  void leads(NodeId node, int partition, long term) {
    synchronized (this) {
      Led last = leaders[partition];
      if (last != null && last.term() >= term) {
        return;
      }
      leaders[partition] = new Led(node, term);
    }
    nodes.forEach(TownNode::leadersChanged);
  }

  synchronized @Nullable NodeId leaderHint(int partition) {
    Led last = leaders[partition];
    return last == null ? null : last.node();
  }

  /** Whoever leads the partition now, as soon as somebody does. */
  TownNode leaderOf(int partition) {
    TownNode[] found = new TownNode[1];
    await(
        "somebody leads partition " + partition,
        () -> {
          for (TownNode node : nodes) {
            if (node.isUp() && node.leads(partition)) {
              found[0] = node;
              return true;
            }
          }
          return false;
        });
    return found[0];
  }

  /** A node that does not lead the partition. */
  TownNode otherThan(TownNode leader) {
    return nodes.stream().filter(it -> it != leader && it.isUp()).findFirst().orElseThrow();
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("Expected that " + what + " within " + DEADLINE_SECONDS + " s, but it did not happen");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Override
  public void close() {
    nodes.forEach(TownNode::close);
  }
}
