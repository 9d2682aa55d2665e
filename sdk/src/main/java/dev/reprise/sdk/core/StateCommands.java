package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ClearAllStateCommandMessage;
import dev.reprise.api.protocol.ClearStateCommandMessage;
import dev.reprise.api.protocol.GetEagerStateCommandMessage;
import dev.reprise.api.protocol.GetEagerStateKeysCommandMessage;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.GetLazyStateKeysCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.StateKeys;
import dev.reprise.api.protocol.Void;

/**
 * State of a virtual object or workflow. What the server sent along is read without asking
 * (eagerly), anything else is asked for (lazily). A replay takes the form that was recorded.
 *
 * <p>Confined to the attempt's thread.
 */
public final class StateCommands {
  private final ReplayMachine machine;
  private final Commands commands;
  private final StateView view;

  StateCommands(ReplayMachine machine, Commands commands, StateView view) {
    this.machine = machine;
    this.commands = commands;
    this.view = view;
  }

  /** Resolves to the value, or to nothing. */
  public Awaitable.Single get(String name) {
    ByteString key = ByteString.copyFromUtf8(name);
    // The eager form carries no id, but takes one: so both forms leave the same ids behind.
    int id = commands.nextCompletion();
    ProtocolMessage recorded = machine.nextRecorded();
    if (recorded != null && recorded.body() instanceof GetEagerStateCommandMessage was) {
      return eager(was.toBuilder().setKey(key).clearName().build());
    }
    if (isRecorded(MessageType.GET_LAZY_STATE) || !view.knows(key)) {
      machine.issue(
          MessageType.GET_LAZY_STATE,
          GetLazyStateCommandMessage.newBuilder().setKey(key).setResultCompletionId(id).build());
      return Commands.completion(id);
    }
    var get = GetEagerStateCommandMessage.newBuilder().setKey(key);
    view.find(key)
        .ifPresentOrElse(
            value -> get.setValue(Commands.value(value)),
            () -> get.setVoid(Void.getDefaultInstance()));
    return eager(get.build());
  }

  private boolean isRecorded(int type) {
    ProtocolMessage recorded = machine.nextRecorded();
    return recorded != null && recorded.type() == type;
  }

  private Awaitable.Single eager(GetEagerStateCommandMessage asked) {
    var get = (GetEagerStateCommandMessage) machine.issue(MessageType.GET_EAGER_STATE, asked);
    return Awaitable.Single.known(
        get.hasValue()
            ? new NotificationResult.Success(get.getValue().getContent())
            : new NotificationResult.Empty());
  }

  /** Resolves to the names of all keys that have a value, sorted. */
  public Awaitable.Single keys() {
    int id = commands.nextCompletion();
    ProtocolMessage recorded = machine.nextRecorded();
    if (recorded != null && recorded.body() instanceof GetEagerStateKeysCommandMessage was) {
      return eagerKeys(was.toBuilder().clearName().build());
    }
    if (isRecorded(MessageType.GET_LAZY_STATE_KEYS) || !view.knowsAllKeys()) {
      machine.issue(
          MessageType.GET_LAZY_STATE_KEYS,
          GetLazyStateKeysCommandMessage.newBuilder().setResultCompletionId(id).build());
      return Commands.completion(id);
    }
    return eagerKeys(
        GetEagerStateKeysCommandMessage.newBuilder()
            .setValue(StateKeys.newBuilder().addAllKeys(view.sortedKeys()))
            .build());
  }

  private Awaitable.Single eagerKeys(Message asked) {
    var get =
        (GetEagerStateKeysCommandMessage) machine.issue(MessageType.GET_EAGER_STATE_KEYS, asked);
    return Awaitable.Single.known(
        new NotificationResult.StateKeys(
            get.getValue().getKeysList().stream().map(ByteString::toStringUtf8).toList()));
  }

  public void set(String name, ByteString value) {
    ByteString key = ByteString.copyFromUtf8(name);
    machine.issue(
        MessageType.SET_STATE,
        SetStateCommandMessage.newBuilder().setKey(key).setValue(Commands.value(value)).build());
    view.set(key, value);
  }

  public void clear(String name) {
    ByteString key = ByteString.copyFromUtf8(name);
    machine.issue(
        MessageType.CLEAR_STATE, ClearStateCommandMessage.newBuilder().setKey(key).build());
    view.clear(key);
  }

  public void clearAll() {
    machine.issue(MessageType.CLEAR_ALL_STATE, ClearAllStateCommandMessage.getDefaultInstance());
    view.clearAll();
  }
}
