package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalReader;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Progress;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.SignalReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** New invocations out of the journals of ended ones. */
final class Restarts {
  private final Lifecycle lifecycle;

  Restarts(Lifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  /** Of one that is not open. */
  Result restart(Command.Restart command, ApplyContext ctx) {
    Result before = madeBefore(command, ctx);
    if (before != null) {
      return before;
    }
    Completed ended = ctx.tables().completed().find(command.id());
    if (ended == null) {
      return OperationRules.notFound();
    }
    int through = command.throughIndex();
    if (ended.target().kind() == HandlerKind.WORKFLOW_RUN) {
      return rejected(
          Result.Rejection.UNSUPPORTED, "Expected no workflow, which runs once, but it is one");
    }
    if (ended.journalEntries() == 0) {
      return rejected(Result.Rejection.NOT_KEPT, "Expected a journal, but it is not kept");
    }
    if (through >= ended.journalEntries()) {
      return rejected(
          Result.Rejection.BAD_RANGE,
          "Expected an index below " + ended.journalEntries() + ", but got " + through);
    }
    Pin pin = command.pin() == null && through > 0 ? ended.pin() : command.pin();
    if (through > 0 && !speaksAs(ended.pin(), pin)) {
      return rejected(
          Result.Rejection.DEPLOYMENT_FIXED,
          "Expected a deployment that speaks the journal's protocol version, but got another");
    }
    Copy copy = new Copy(command.id(), through, ended.journalEntries());
    String missing = copy.read(ctx);
    return missing == null
        ? make(command, ended, copy, pin, ctx)
        : rejected(Result.Rejection.BAD_RANGE, missing);
  }

  private static boolean speaksAs(@Nullable Pin old, @Nullable Pin pin) {
    return old != null && pin != null && old.protocolVersion() == pin.protocolVersion();
  }

  private static Result rejected(Result.Rejection rejection, String reason) {
    return new Result.Rejected(rejection, reason);
  }

  /** The same request gets its first answer again. */
  private static @Nullable Result madeBefore(Command.Restart command, ApplyContext ctx) {
    OpenInvocation open = ctx.find(command.newId());
    if (open != null) {
      return isBy(command, open.current().creation())
          ? new Result.Open(open.current(), true)
          : taken();
    }
    Completed ended = ctx.tables().completed().find(command.newId());
    if (ended != null) {
      return isBy(command, ended.creation()) ? new Result.Ended(ended, true) : taken();
    }
    return null;
  }

  private static boolean isBy(Command.Restart command, Creation creation) {
    return creation.request().equals(command.request());
  }

  private static Result taken() {
    return rejected(Result.Rejection.DECIDED, "Expected a new id, but somebody has it");
  }

  private Result make(
      Command.Restart command, Completed ended, Copy copy, @Nullable Pin pin, ApplyContext ctx) {
    Creation old = ended.creation();
    boolean inputOnly = command.throughIndex() == 0;
    Creation creation =
        new Creation(
            ctx.nextPosition(),
            command.request().high(),
            command.request().low(),
            ctx.nowMillis(),
            "",
            old.retention(),
            inputOnly ? command.randomSeed() : old.randomSeed(),
            old.limitKey());
    OpenInvocation made =
        ctx.create(
            new Invocation(
                command.newId(),
                ended.target(),
                creation,
                Status.INVOKED,
                Progress.of(ctx.nowMillis()),
                List.of()));
    if (pin != null) {
      made.moveTo(pin);
    }
    copy.entries().forEach(it -> append(it, made, command, ctx));
    lifecycle.begin(made, inputOnly ? copy.entries().getFirst() : null, ctx);
    return new Result.Open(made.current(), true);
  }

  private static void append(
      JournalEntry entry, OpenInvocation made, Command.Restart command, ApplyContext ctx) {
    int at = ctx.append(made, MessageType.isCommand(entry.type()), entry);
    if (entry.type() == MessageType.OUTPUT) {
      made.outputAt(at);
    }
    SignalId signal =
        entry.type() == MessageType.SIGNAL ? JournalReader.signalOf(entry.payload()) : null;
    if (signal != null) {
      made.addSignal();
      Keys.Signal key = new Keys.Signal(made.id(), signal);
      ctx.tables().signals().put(key, new SignalReceipt(at, command.request()));
    }
  }

  /** A piece of a journal that can be replayed: commands, and all that answered them. */
  private static final class Copy {
    private final InvocationId id;
    private final int through;
    private final int end;
    private final List<JournalEntry> entries = new ArrayList<>();
    private final Set<Integer> unanswered = new TreeSet<>();

    Copy(InvocationId id, int through, int end) {
      this.id = id;
      this.through = through;
      this.end = end;
    }

    List<JournalEntry> entries() {
      return entries;
    }

    /** Returns why it cannot be copied, or null. */
    @Nullable String read(ApplyContext ctx) {
      for (int index = 0; index <= through || (index < end && !unanswered.isEmpty()); index++) {
        JournalEntry entry = ctx.tables().journal().find(new Keys.Journal(id, index));
        if (entry == null) {
          throw new Invariant.Broken("Expected entry " + index + " of " + id + ", but it is gone");
        }
        boolean notification = MessageType.isNotification(entry.type());
        boolean answers =
            notification && unanswered.remove(JournalReader.completionOf(entry.payload()));
        if (index <= through || answers) {
          entries.add(entry);
        }
        if (index <= through && !notification) {
          unanswered.addAll(JournalReader.completionsOf(entry.type(), entry.payload()));
        }
      }
      return unanswered.isEmpty()
          ? null
          : "Expected a piece whose commands have all been answered, but "
              + unanswered.size()
              + " completions never came";
    }
  }
}
