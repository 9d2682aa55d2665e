package dev.reprise.cluster.simulation;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.cluster.engine.PartitionStateMachine;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import java.util.List;
import java.util.stream.Collectors;

/** A run in the words of the glossary. */
final class Words {
  private Words() {}

  static String of(
      int partition, long index, LogEntry entry, PartitionStateMachine.Effects effects) {
    StringBuilder line =
        new StringBuilder("partition " + partition + " entry " + index)
            .append(" of epoch " + entry.epoch() + "." + entry.sequence() + ":");
    for (int i = 0; i < entry.commands().size(); i++) {
      line.append(i == 0 ? " " : "; ")
          .append(of(entry.commands().get(i)))
          .append(" → ")
          .append(of(effects.results().get(i)));
    }
    if (!effects.actions().isEmpty()) {
      line.append(" | ")
          .append(
              effects.actions().stream()
                  .map(it -> it.getClass().getSimpleName())
                  .collect(Collectors.joining(", ")));
    }
    return line.toString();
  }

  static String of(InvocationId id) {
    String text = id.toString();
    return "…" + text.substring(text.length() - 5);
  }

  static String of(NewInvocation asked) {
    return asked.target() + " " + of(asked.id());
  }

  private static String of(Command command) {
    return switch (command) {
      case Command.AnnounceLeader it -> it.node() + " leads";
      case Command.Invoke it -> "invoke " + of(it.invocation());
      case Command.AttemptSaid it ->
          "attempt "
              + it.attempt()
              + " of "
              + of(it.id())
              + " says from "
              + it.firstCommand()
              + " "
              + said(it.statements());
      case Command.FireTimers it -> "fire " + it.timers().size() + " timers";
      case Command.Deliver it ->
          "deliver " + it.messages().size() + " from " + it.sender() + " #" + it.firstSequence();
      case Command.TruncateOutbox it ->
          "truncate to " + it.receiver() + " #" + it.throughSequence();
      case Command.PurgeExpired it -> "purge " + it.expired().size();
      case Command.Operation it ->
          it.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + " " + of(it.id());
      case Command.SendSignal it -> "send " + it.signal() + " to " + of(it.id());
      case Command.CompletePromise it -> "decide " + it.workflow() + " " + it.key();
      case Command.PatchState it -> "patch " + it.object();
      case Command.SetLimitRules it -> "limit by " + it.rules();
      case Command.FillLimits it -> "fill " + it.levels();
      case Command.Mark it -> "mark";
      case Command.RaiseRules it -> "raise the rules to " + it.version();
      case Command.CheckState it -> "check state at " + it.index();
    };
  }

  private static String said(List<Statement> statements) {
    return statements.stream().map(Words::of).collect(Collectors.joining(",", "[", "]"));
  }

  private static String of(Statement statement) {
    return switch (statement) {
      case Statement.Journaled it -> MessageType.nameOf(it.type());
      case Statement.Called it -> "call " + of(it.callee()) + " in " + it.receiver();
      case Statement.Signaled it -> "send " + it.signal().id() + " to " + of(it.target());
      case Statement.Attached it -> MessageType.nameOf(it.type()) + " " + of(it.target());
      case Statement.RunCompleted it -> "ran " + it.completionId();
      case Statement.Suspended it -> "suspended on " + it.awaiting();
      case Statement.Ended it -> "ended";
      case Statement.Failed it -> "failed";
      case Statement.Paused it -> "paused";
      case Statement.PauseHeeded it -> "pause heeded";
    };
  }

  private static String of(Result result) {
    return result.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }
}
