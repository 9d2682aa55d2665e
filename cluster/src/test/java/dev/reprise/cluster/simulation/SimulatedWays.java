package dev.reprise.cluster.simulation;

import dev.reprise.cluster.forwarding.OtherNodes;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The ways from one node to the others, and what it has heard of leaders: slow, now and then broken
 * or wrong. A question that was under way when a connection broke may have arrived.
 */
final class SimulatedWays implements OtherNodes, Membership {
  private static final int DELAY_MAX = 10;
  private static final int BREAK_NOTICED_MAX = 500;
  private static final int WRONG_ONCE_IN = 6;

  private final Simulation simulation;
  private final SplittableRandom random;
  private final int self;
  private final List<Runnable> listeners = new ArrayList<>();

  SimulatedWays(Simulation simulation, SplittableRandom random, int self) {
    this.simulation = simulation;
    this.random = random;
    this.self = self;
  }

  // ---- membership ----

  @Override
  public NodeId self() {
    return id(self);
  }

  private static NodeId id(int node) {
    return new NodeId(node + 1);
  }

  private static int number(NodeId node) {
    return node.number() - 1;
  }

  @Override
  public @Nullable NodeId leaderHint(int partition) {
    if (!simulation.unrest().equals(Unrest.NONE) && random.nextInt(WRONG_ONCE_IN) == 0) {
      return id(random.nextInt(simulation.size()));
    }
    OptionalInt leader = simulation.log(partition).leader();
    return leader.isPresent() ? id(leader.getAsInt()) : null;
  }

  @Override
  public ClusterView view() {
    List<ReplicaId> everywhere =
        IntStream.range(0, simulation.size()).mapToObj(it -> new ReplicaId(id(it), 1)).toList();
    List<PartitionReplicas> partitions =
        IntStream.range(0, simulation.ranges().partitions())
            .mapToObj(it -> new PartitionReplicas(it, 1, everywhere, true))
            .toList();
    return new ClusterView(1, "simulated", "", simulation.size() + 1, 3, 1, List.of(), partitions);
  }

  @Override
  public Subscription onChange(Runnable changed) {
    listeners.add(changed);
    return () -> listeners.remove(changed);
  }

  /** Somebody leads something. */
  void changed() {
    List.copyOf(listeners).forEach(Runnable::run);
  }

  // ---- asking ----

  private void later(int delayMax, Runnable task) {
    simulation.time().after(random.nextInt(delayMax + 1), task);
  }

  @Override
  public Loop.Cancellable ask(NodeId node, int partition, Question question, Heard heard) {
    Ask ask = new Ask(simulation.node(number(node)), heard);
    ask.send(partition, question);
    return ask::cancel;
  }

  private final class Ask {
    private final SimulatedNode other;
    private final Heard heard;
    private Loop.Cancellable served = () -> {};
    private boolean replied;

    Ask(SimulatedNode other, Heard heard) {
      this.other = other;
      this.heard = heard;
    }

    void send(int partition, Question question) {
      if (!other.isUp()) {
        later(DELAY_MAX, () -> hear(new Reply.NotDone("nobody is there"), null));
        return;
      }
      other.whenItDies(() -> later(BREAK_NOTICED_MAX, this::broken));
      double lost = simulation.unrest().messageLost();
      if (random.nextDouble() < lost) {
        later(BREAK_NOTICED_MAX, this::broken);
      }
      if (random.nextDouble() >= lost) {
        later(DELAY_MAX, () -> arrive(partition, question));
      }
    }

    private void arrive(int partition, Question question) {
      if (!other.isUp()) {
        later(BREAK_NOTICED_MAX, this::broken);
        return;
      }
      served =
          other
              .router()
              .serve(
                  partition,
                  question,
                  (reply, leader) -> later(DELAY_MAX, () -> hear(reply, leader)));
    }

    private void broken() {
      hear(new Reply.Unknown("the connection broke"), null);
    }

    private void hear(Reply reply, @Nullable NodeId leader) {
      if (!replied) {
        replied = true;
        heard.hear(reply, leader);
      }
    }

    void cancel() {
      later(DELAY_MAX, () -> served.cancel());
    }
  }
}
