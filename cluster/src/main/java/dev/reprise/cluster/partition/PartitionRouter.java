package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests and messages to the partition that they are for. All partitions are on this node.
 */
public final class PartitionRouter implements Ingress, Deliveries {
  private final KeyRanges ranges;
  private volatile List<Partition> partitions = List.of();

  public PartitionRouter(KeyRanges ranges) {
    this.ranges = ranges;
  }

  /** From now on there are partitions to route to; in the order of their numbers. */
  public void open(List<Partition> opened) {
    if (opened.size() != ranges.partitions()) {
      throw new IllegalArgumentException(
          "Expected " + ranges.partitions() + " partitions, but got " + opened.size());
    }
    partitions = List.copyOf(opened);
  }

  private @Nullable Partition of(InvocationId id) {
    List<Partition> open = partitions;
    return open.isEmpty() ? null : open.get(ranges.partitionOf(id));
  }

  private static void notOpen(Consumer<Answer> answer) {
    answer.accept(new Answer.Unavailable("the node is starting"));
  }

  @Override
  public void submit(NewInvocation invocation, Consumer<Answer> answer) {
    Partition partition = of(invocation.id());
    if (partition == null) {
      notOpen(answer);
    } else {
      partition.submit(invocation, answer);
    }
  }

  @Override
  public Loop.Cancellable call(NewInvocation invocation, Consumer<Answer> answer) {
    Partition partition = of(invocation.id());
    if (partition == null) {
      notOpen(answer);
      return () -> {};
    }
    return partition.call(invocation, answer);
  }

  @Override
  public Loop.Cancellable attach(InvocationId id, Consumer<Answer> answer) {
    Partition partition = of(id);
    if (partition == null) {
      notOpen(answer);
      return () -> {};
    }
    return partition.attach(id, answer);
  }

  @Override
  public void output(InvocationId id, Consumer<Answer> answer) {
    Partition partition = of(id);
    if (partition == null) {
      notOpen(answer);
    } else {
      partition.output(id, answer);
    }
  }

  @Override
  public void deliver(int receiver, Command.Deliver messages, Consumer<@Nullable Result> answer) {
    List<Partition> open = partitions;
    if (receiver >= open.size()) {
      answer.accept(null);
    } else {
      open.get(receiver).deliver(messages, answer);
    }
  }
}
