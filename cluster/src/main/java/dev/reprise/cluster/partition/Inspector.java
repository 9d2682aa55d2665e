package dev.reprise.cluster.partition;

import dev.reprise.cluster.partition.Inspection.End;
import dev.reprise.cluster.partition.Inspection.Entry;
import dev.reprise.cluster.partition.Inspection.Level;
import dev.reprise.cluster.partition.Inspection.Listed;
import dev.reprise.cluster.partition.Inspection.Next;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.LimitUsage;
import dev.reprise.storage.table.ObjectLock;
import dev.reprise.storage.table.TablesView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a leader shows to a person of its invocations. Confined to the leader loop. */
final class Inspector {
  /** The loop has other things to do. */
  private static final int ROWS_AT_ONCE = 256;

  private static final int LOOKED_AT_ONCE = 2_048;
  private static final int JOURNAL_ENTRIES = 1_000;

  private final TablesView tables;
  private final Supplier<@Nullable Invoker> invoker;

  /**
   * @param invoker what runs here; null when this replica does not lead
   */
  Inspector(TablesView tables, Supplier<@Nullable Invoker> invoker) {
    this.tables = tables;
    this.invoker = invoker;
  }

  /** The next few rows, from one scan of bounded length. */
  Ingress.Answer look(Question.Look look) {
    return switch (look) {
      case Question.Page page -> page.completed() ? completed(page) : open(page);
      case Question.Levels levels -> levels(levels);
      case Question.Uses uses -> uses(uses);
    };
  }

  private Ingress.Answer open(Question.Page page) {
    List<Listed> rows = new ArrayList<>();
    InvocationId after = page.after();
    try (var scan = after == null ? tables.invocations() : tables.invocationsAfter(after)) {
      for (int looked = 0; scan.next(); looked++) {
        if (looked >= LOOKED_AT_ONCE || rows.size() >= limit(page)) {
          return new Ingress.Answer.Page(rows, new Next(after));
        }
        Invocation invocation = scan.value();
        after = invocation.id();
        if (asked(page, invocation.target().service())) {
          rows.add(row(invocation));
        }
      }
    }
    return new Ingress.Answer.Page(rows, Next.NONE);
  }

  private Ingress.Answer completed(Question.Page page) {
    List<Listed> rows = new ArrayList<>();
    InvocationId after = page.after();
    try (var scan = after == null ? tables.completed() : tables.completedAfter(after)) {
      for (int looked = 0; scan.next(); looked++) {
        if (looked >= LOOKED_AT_ONCE || rows.size() >= limit(page)) {
          return new Ingress.Answer.Page(rows, new Next(after));
        }
        Completed completed = scan.value();
        after = completed.id();
        if (asked(page, completed.target().service())) {
          rows.add(row(completed));
        }
      }
    }
    return new Ingress.Answer.Page(rows, Next.NONE);
  }

  private static int limit(Question.Page page) {
    return Math.clamp(page.limit(), 1, ROWS_AT_ONCE);
  }

  private Ingress.Answer levels(Question.Levels asked) {
    // The partition's own: it may not have heard of the newest yet.
    LimitRules rules = tables.limitRules();
    if (rules.version() < asked.rulesVersion()) {
      return new Ingress.Answer.Unavailable(
          "Expected the partition to follow version "
              + asked.rulesVersion()
              + " of the rules for limits, but it follows an older one; try again");
    }
    List<Level> rows = new ArrayList<>();
    LimitLevel after = asked.after();
    try (var scan = after == null ? tables.limitUsages() : tables.limitUsagesAfter(after)) {
      while (scan.next()) {
        if (rows.size() >= Math.clamp(asked.limit(), 1, ROWS_AT_ONCE)) {
          return new Ingress.Answer.Levels(rows, after);
        }
        LimitUsage usage = scan.value();
        after = scan.key();
        rows.add(new Level(after, usage.running(), usage.waiting(), rules.at(after)));
      }
    }
    return new Ingress.Answer.Levels(rows, null);
  }

  private Ingress.Answer uses(Question.Uses asked) {
    Invoker running = invoker.get();
    if (running == null || running.registryVersion() < asked.registryVersion()) {
      return new Ingress.Answer.Unavailable(
          "Expected the leader to know version "
              + asked.registryVersion()
              + " of the registry, but its copy is older; try again");
    }
    // First these: what one of them has pinned since is in the tables.
    int underWay = running.mayPin(asked.deployment());
    int pinned = 0;
    InvocationId after = asked.after();
    try (var scan = after == null ? tables.invocations() : tables.invocationsAfter(after)) {
      for (int looked = 0; scan.next(); looked++) {
        if (looked >= LOOKED_AT_ONCE) {
          return new Ingress.Answer.Uses(underWay, pinned, new Next(after));
        }
        Invocation invocation = scan.value();
        after = invocation.id();
        Pin pin = invocation.progress().pin();
        pinned += pin != null && pin.deployment().equals(asked.deployment()) ? 1 : 0;
      }
    }
    return new Ingress.Answer.Uses(underWay, pinned, Next.NONE);
  }

  private static boolean asked(Question.Page page, String service) {
    return page.service().isEmpty() || page.service().equals(service);
  }

  /** One invocation with its journal. */
  Ingress.Answer describe(InvocationId id) {
    Invocation open = tables.invocation(id);
    if (open != null) {
      Pin pin = open.progress().pin();
      return new Ingress.Answer.Described(
          row(open), open.creation().idempotencyKey(), version(pin), journal(id), null);
    }
    Completed completed = tables.completed(id);
    if (completed == null) {
      return new Ingress.Answer.NotFound(id);
    }
    return new Ingress.Answer.Described(
        row(completed),
        completed.creation().idempotencyKey(),
        version(completed.pin()),
        journal(id),
        end(completed));
  }

  private static int version(@Nullable Pin pin) {
    return pin == null ? 0 : pin.protocolVersion();
  }

  private static End end(Completed completed) {
    Outcome.Failure failure = completed.outcome() instanceof Outcome.Failure it ? it : null;
    return new End(
        completed.completedAtMillis(),
        failure != null,
        failure == null ? 0 : failure.code(),
        failure == null ? "" : failure.message(),
        completed.expiresAtMillis(),
        completed.journalExpiresAtMillis());
  }

  private List<Entry> journal(InvocationId id) {
    List<Entry> entries = new ArrayList<>();
    try (var scan = tables.journal(id)) {
      while (entries.size() < JOURNAL_ENTRIES && scan.next()) {
        JournalEntry entry = scan.value();
        entries.add(new Entry(entry.type(), entry.payload().length()));
      }
    }
    return List.copyOf(entries);
  }

  private static Listed row(Completed completed) {
    return new Listed(
        completed.id(),
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

  private Listed row(Invocation invocation) {
    Invoker.Activity now = activity(invocation);
    Pin pin = invocation.progress().pin();
    return new Listed(
        invocation.id(),
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

  private Invoker.Activity activity(Invocation invocation) {
    return switch (invocation.status()) {
      case Status.Scheduled scheduled -> new Invoker.Activity("scheduled", "its start time");
      case Status.Inboxed inboxed -> new Invoker.Activity("inbox", holder(invocation));
      case Status.Limited limited -> new Invoker.Activity("inbox", full(invocation));
      case Status.Invoked invoked -> attempt(invocation.id());
      case Status.Suspended suspended ->
          new Invoker.Activity("suspended", awaited(invocation.id()));
      case Status.Paused paused -> new Invoker.Activity("paused", paused.reason());
    };
  }

  private String holder(Invocation invocation) {
    ObjectLock lock = tables.lock(invocation.target().object());
    return lock == null ? "its key" : "its key, which " + lock.holder() + " has";
  }

  /** The levels at which there is no place for it, or it was the turn of others when it came. */
  private String full(Invocation invocation) {
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

  private Invoker.Activity attempt(InvocationId id) {
    Invoker running = invoker.get();
    Invoker.Activity activity = running == null ? null : running.activity(id);
    return activity == null ? new Invoker.Activity("ready", "an attempt") : activity;
  }

  /** The first few things that have not arrived. */
  private String awaited(InvocationId id) {
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
