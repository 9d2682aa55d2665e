package dev.reprise.sdk.core;

import dev.reprise.api.protocol.SuspensionMessage;
import java.util.TreeSet;

/** What an attempt says when it can only go on after something has arrived. */
final class Suspension {
  private Suspension() {}

  /** Names every notification that could still change the outcome, each once and sorted. */
  static SuspensionMessage of(Awaitable awaited) {
    var completions = new TreeSet<Integer>();
    var signals = new TreeSet<Integer>();
    var named = new TreeSet<String>();
    awaited.unresolved(
        id -> {
          switch (id) {
            case NotificationId.Completion completion -> completions.add(completion.id());
            case NotificationId.Signal signal -> signals.add(signal.index());
            case NotificationId.NamedSignal signal -> named.add(signal.name());
          }
        });
    return SuspensionMessage.newBuilder()
        .addAllWaitingCompletions(completions)
        .addAllWaitingSignals(signals)
        .addAllWaitingNamedSignals(named)
        .build();
  }
}
