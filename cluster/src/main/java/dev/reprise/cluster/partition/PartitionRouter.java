package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.StatePatch;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests and messages to the partition that they are for. All partitions are on this node.
 */
public final class PartitionRouter implements Ingress, Deliveries {
  private final KeyRanges ranges;
  private final Supplier<@Nullable String> refusal;
  private final AtomicReferenceArray<@Nullable Partition> partitions;

  /**
   * @param refusal why this node takes no new work at present; null when it does. Asked for each
   *     new invocation; must not block
   */
  public PartitionRouter(KeyRanges ranges, Supplier<@Nullable String> refusal) {
    this.ranges = ranges;
    this.refusal = refusal;
    this.partitions = new AtomicReferenceArray<>(ranges.partitions());
  }

  /** A router that always takes new work. */
  public PartitionRouter(KeyRanges ranges) {
    this(ranges, () -> null);
  }

  /** From now on these partitions are here. */
  public void open(List<Partition> opened) {
    opened.forEach(this::open);
  }

  /** From now on this partition is here. */
  public void open(Partition opened) {
    partitions.set(opened.number(), opened);
  }

  /** From now on this partition is not here. */
  public void close(int number) {
    partitions.set(number, null);
  }

  private @Nullable Partition of(InvocationId id) {
    return partitions.get(ranges.partitionOf(id));
  }

  private static void notOpen(Consumer<Answer> answer) {
    answer.accept(new Answer.Unavailable("the partition is being opened"));
  }

  @Override
  public void submit(NewInvocation invocation, Consumer<Answer> answer) {
    Partition partition = of(invocation.id());
    String refused = refusal.get();
    if (refused != null) {
      answer.accept(new Answer.Unavailable(refused));
    } else if (partition == null) {
      notOpen(answer);
    } else {
      partition.submit(invocation, answer);
    }
  }

  @Override
  public Loop.Cancellable call(NewInvocation invocation, Consumer<Answer> answer) {
    Partition partition = of(invocation.id());
    String refused = refusal.get();
    if (refused != null) {
      answer.accept(new Answer.Unavailable(refused));
      return () -> {};
    }
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
  public void find(InvocationId id, Consumer<Answer> answer) {
    of(id.partitionKey(), answer, it -> it.find(id, answer));
  }

  @Override
  public void signal(
      InvocationId target, Signal signal, RequestId request, Consumer<Answer> answer) {
    of(
        target.partitionKey(),
        answer,
        it -> it.propose(new Command.SendSignal(target, signal, request), answer));
  }

  @Override
  public void completePromise(
      ObjectId workflow, String key, Outcome outcome, RequestId request, Consumer<Answer> answer) {
    of(
        InvocationIds.of(workflow),
        answer,
        it -> it.propose(new Command.CompletePromise(workflow, key, outcome, request), answer));
  }

  @Override
  public void peekPromise(ObjectId workflow, String key, Consumer<Answer> answer) {
    of(InvocationIds.of(workflow), answer, it -> it.peekPromise(workflow, key, answer));
  }

  @Override
  public void manage(Command.Operation operation, Consumer<Answer> answer) {
    Command command =
        operation instanceof Command.Kill kill
            ? new Command.Kill(kill.id(), ranges.partitions())
            : operation;
    of(operation.id().partitionKey(), answer, it -> it.propose(command, answer));
  }

  @Override
  public void state(ObjectId object, long limitBytes, Consumer<Answer> answer) {
    of(InvocationIds.of(object), answer, it -> it.state(object, limitBytes, answer));
  }

  @Override
  public void patchState(ObjectId object, StatePatch patch, Consumer<Answer> answer) {
    of(
        InvocationIds.of(object),
        answer,
        it -> it.propose(new Command.PatchState(object, patch), answer));
  }

  private void of(long partitionKey, Consumer<Answer> answer, Consumer<Operations> request) {
    Partition partition = partitions.get(ranges.partitionOf(partitionKey));
    if (partition == null) {
      notOpen(answer);
    } else {
      request.accept(partition.operations());
    }
  }

  @Override
  public void deliver(int receiver, Command.Deliver messages, Consumer<@Nullable Result> answer) {
    Partition open = receiver < ranges.partitions() ? partitions.get(receiver) : null;
    if (open == null) {
      answer.accept(null);
    } else {
      open.deliver(messages, answer);
    }
  }
}
