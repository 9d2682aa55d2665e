package dev.reprise.server.node;

import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.operations.InvocationLister;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.ObjectLock;
import dev.reprise.storage.table.TablesView;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists what the partitions of this node hold. Reads their tables; called on threads that may
 * block.
 */
final class NodeLister implements InvocationLister {
  private final Supplier<List<Partition>> partitions;

  NodeLister(Supplier<List<Partition>> partitions) {
    this.partitions = partitions;
  }

  @Override
  public void list(Query query, Predicate<Row> rows) {
    Limited limited = new Limited(query.limit(), rows);
    List<Partition> open = partitions.get();
    for (Partition partition : open) {
      open(partition, query, limited);
    }
    if (query.completed()) {
      for (Partition partition : open) {
        completed(partition, query, limited);
      }
    }
  }

  /** Stops when there are enough rows, or nobody wants more. */
  private static final class Limited {
    private final Predicate<Row> rows;
    private int left;

    Limited(int limit, Predicate<Row> rows) {
      this.left = limit;
      this.rows = rows;
    }

    boolean wantsMore() {
      return left > 0;
    }

    void take(Row row) {
      left = rows.test(row) ? left - 1 : 0;
    }
  }

  private static void open(Partition partition, Query query, Limited rows) {
    TablesView tables = partition.tables();
    try (var scan = tables.invocations()) {
      while (rows.wantsMore() && scan.next()) {
        Invocation invocation = scan.value();
        if (asked(query, invocation.target().service())) {
          rows.take(row(invocation, partition, tables));
        }
      }
    }
  }

  private static void completed(Partition partition, Query query, Limited rows) {
    try (var scan = partition.tables().completed()) {
      while (rows.wantsMore() && scan.next()) {
        Completed completed = scan.value();
        if (asked(query, completed.target().service())) {
          rows.take(row(completed));
        }
      }
    }
  }

  private static boolean asked(Query query, String service) {
    return query.service().isEmpty() || query.service().equals(service);
  }

  static Row row(Completed completed) {
    return new Row(
        completed.id().toString(),
        completed.target().toString(),
        "completed",
        completed.creation().createdAtMillis(),
        0,
        completed.journalEntries(),
        completed.deployment(),
        "",
        completed.target().scope(),
        completed.creation().limitKey());
  }

  static Row row(Invocation invocation, Partition partition, TablesView tables) {
    Invoker.Activity now = activity(invocation, partition, tables);
    Pin pin = invocation.progress().pin();
    return new Row(
        invocation.id().toString(),
        invocation.target().toString(),
        now.status(),
        invocation.creation().createdAtMillis(),
        invocation.status() instanceof Status.Scheduled scheduled ? scheduled.atMillis() : 0,
        invocation.progress().entries(),
        pin == null ? "" : pin.deployment(),
        now.reason(),
        invocation.target().scope(),
        invocation.creation().limitKey());
  }

  private static Invoker.Activity activity(
      Invocation invocation, Partition partition, TablesView tables) {
    return switch (invocation.status()) {
      case Status.Scheduled scheduled -> new Invoker.Activity("scheduled", "its start time");
      case Status.Inboxed inboxed -> new Invoker.Activity("inbox", holder(invocation, tables));
      case Status.Limited limited -> new Invoker.Activity("inbox", full(invocation, tables));
      case Status.Invoked invoked -> attempt(invocation.id(), partition);
      case Status.Suspended suspended ->
          new Invoker.Activity("suspended", awaited(invocation.id(), tables));
      case Status.Paused paused -> new Invoker.Activity("paused", paused.reason());
    };
  }

  private static String holder(Invocation invocation, TablesView tables) {
    ObjectLock lock = tables.lock(invocation.target().object());
    return lock == null ? "its key" : "its key, which " + lock.holder() + " has";
  }

  /** The levels at which there is no place for it, or it was the turn of others when it came. */
  private static String full(Invocation invocation, TablesView tables) {
    LimitRules rules = tables.limitRules();
    StringBuilder text = new StringBuilder();
    for (LimitLevel level :
        LimitLevel.of(invocation.target().scope(), invocation.creation().limitKey())) {
      LimitRule rule = rules.at(level);
      int running = tables.limitUsage(level).running();
      if (rule != null && rule.concurrency() > 0 && running >= rule.concurrency()) {
        text.append(text.isEmpty() ? "" : "; ")
            .append("limit " + rule.pattern() + " at " + level + ": ")
            .append(running + " of " + rule.concurrency() + " run");
      }
    }
    return text.isEmpty() ? "its turn under limits" : text.toString();
  }

  private static Invoker.Activity attempt(InvocationId id, Partition partition) {
    CompletableFuture<Invoker.@Nullable Activity> answer = new CompletableFuture<>();
    partition.activity(id, answer::complete);
    Invoker.Activity activity = answer.join();
    return activity == null ? new Invoker.Activity("ready", "an attempt") : activity;
  }

  /** The first few things that have not arrived. */
  private static String awaited(InvocationId id, TablesView tables) {
    StringBuilder text = new StringBuilder();
    try (var scan = tables.pending(id)) {
      for (int i = 0; i < 3 && scan.next(); i++) {
        text.append(text.isEmpty() ? "" : ", ").append(described(scan.value()));
      }
    }
    return text.isEmpty() ? "a signal" : text.toString();
  }

  private static String described(Pending pending) {
    return switch (pending) {
      case Pending.Run run -> "a step";
      case Pending.Sleep sleep -> "the time " + Instant.ofEpochMilli(sleep.atMillis());
      case Pending.Call call -> "invocation " + call.callee();
      case Pending.Attach attach -> "invocation " + attach.target();
      case Pending.Output output -> "word of invocation " + output.target();
      case Pending.Promise promise -> "the promise " + promise.key();
    };
  }
}
