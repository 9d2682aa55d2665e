package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CompletePromiseCommandMessage;
import dev.reprise.api.protocol.GetPromiseCommandMessage;
import dev.reprise.api.protocol.PeekPromiseCommandMessage;

/**
 * Promises of a workflow. All handlers of one key share them.
 *
 * <p>Confined to the attempt's thread.
 */
public final class PromiseCommands {
  private final ReplayMachine machine;
  private final Commands commands;

  PromiseCommands(ReplayMachine machine, Commands commands) {
    this.machine = machine;
    this.commands = commands;
  }

  /** Resolves when somebody completes the promise. */
  public Awaitable.Single get(String name) {
    int id = commands.nextCompletion();
    machine.issue(
        MessageType.GET_PROMISE,
        GetPromiseCommandMessage.newBuilder().setKey(name).setResultCompletionId(id).build());
    return Commands.completion(id);
  }

  /** Resolves at once: to the promise's outcome, or to nothing when it has none yet. */
  public Awaitable.Single peek(String name) {
    int id = commands.nextCompletion();
    machine.issue(
        MessageType.PEEK_PROMISE,
        PeekPromiseCommandMessage.newBuilder().setKey(name).setResultCompletionId(id).build());
    return Commands.completion(id);
  }

  /** Resolves to nothing, or to a failure when the promise was completed before. */
  public Awaitable.Single resolve(String name, ByteString value) {
    return complete(
        name, CompletePromiseCommandMessage.newBuilder().setCompletionValue(Commands.value(value)));
  }

  /** As {@link #resolve}. */
  public Awaitable.Single reject(String name, NotificationResult.Failed failure) {
    return complete(
        name,
        CompletePromiseCommandMessage.newBuilder().setCompletionFailure(commands.failure(failure)));
  }

  private Awaitable.Single complete(String name, CompletePromiseCommandMessage.Builder completion) {
    int id = commands.nextCompletion();
    machine.issue(
        MessageType.COMPLETE_PROMISE, completion.setKey(name).setResultCompletionId(id).build());
    return Commands.completion(id);
  }
}
