package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalReader;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.SignalReceipt;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What of the awaited things stands in the journal when an attempt suspends. */
final class JournaledLeaves implements Awaited.Leaves {
  private final OpenInvocation invocation;
  private final ApplyContext ctx;
  private final InvocationId id;
  private @Nullable Map<Integer, Boolean> completions;
  private boolean step;

  JournaledLeaves(OpenInvocation invocation, ApplyContext ctx) {
    this.invocation = invocation;
    this.ctx = ctx;
    this.id = invocation.id();
  }

  /** Whether one of the things that were asked for so far is the result of a step. */
  boolean waitForStep() {
    return step;
  }

  /** What is not pending has arrived. */
  @Override
  public boolean has(int completion) {
    Pending reason =
        invocation.pending() == 0
            ? null
            : ctx.tables().pending().find(new Keys.Pending(id, completion));
    step |= reason instanceof Pending.Run;
    return reason == null || reason instanceof Pending.Run;
  }

  /**
   * A signal that may come again is awaited again by code that has seen it: what was there when
   * this run of attempts began is not what it waits for.
   */
  @Override
  public boolean has(SignalId signal) {
    SignalReceipt receipt = receipt(signal);
    return receipt != null && (signal.onlyOnce() || receipt.index() >= invocation.woken());
  }

  private @Nullable SignalReceipt receipt(SignalId signal) {
    return invocation.signals() == 0
        ? null
        : ctx.tables().signals().find(new Keys.Signal(id, signal));
  }

  @Override
  public boolean failed(int completion) {
    Map<Integer, Boolean> failures = completions;
    if (failures == null) {
      failures = readCompletions();
      completions = failures;
    }
    return failures.getOrDefault(completion, false);
  }

  /** Walks the journal: only where it matters how several things ended, and once. */
  private Map<Integer, Boolean> readCompletions() {
    Map<Integer, Boolean> failures = new TreeMap<>();
    for (int index = 0; index < invocation.entries(); index++) {
      JournalEntry entry = ctx.tables().journal().find(new Keys.Journal(id, index));
      if (entry != null && MessageType.isNotification(entry.type())) {
        failures.put(
            JournalReader.completionOf(entry.payload()), JournalReader.failed(entry.payload()));
      }
    }
    return failures;
  }

  @Override
  public boolean failed(SignalId signal) {
    SignalReceipt receipt = receipt(signal);
    JournalEntry entry =
        receipt == null ? null : ctx.tables().journal().find(new Keys.Journal(id, receipt.index()));
    return entry != null && JournalReader.failed(entry.payload());
  }
}
