package dev.reprise.sdk.core;

import dev.reprise.api.protocol.CombinatorType;
import dev.reprise.api.protocol.Future;
import dev.reprise.api.protocol.SuspensionMessage;
import java.util.TreeSet;

/** What an attempt says when it can only go on after something has arrived. */
final class Suspension {
  private static final int TREES_SINCE = 7;

  private Suspension() {}

  static SuspensionMessage of(Awaitable awaited, int version) {
    return version >= TREES_SINCE
        ? SuspensionMessage.newBuilder().setAwaitingOn(tree(awaited)).build()
        : flat(awaited);
  }

  /** What is awaited without what can no longer change anything. */
  static Future tree(Awaitable awaited) {
    var root = Future.newBuilder().setCombinatorType(CombinatorType.FIRST_COMPLETED);
    awaited.describe(root);
    // One combination under a root of its own says nothing more than the combination.
    boolean onlyNested =
        root.getNestedFuturesCount() == 1
            && root.getWaitingCompletionsCount() == 0
            && root.getWaitingSignalsCount() == 0
            && root.getWaitingNamedSignalsCount() == 0;
    return onlyNested ? root.getNestedFutures(0) : root.build();
  }

  /** Names every notification that could still change the outcome, each once and sorted. */
  private static SuspensionMessage flat(Awaitable awaited) {
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
