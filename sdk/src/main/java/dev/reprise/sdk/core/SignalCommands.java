package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CompleteAwakeableCommandMessage;
import dev.reprise.api.protocol.SendSignalCommandMessage;
import dev.reprise.api.protocol.Void;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Signals: those that this invocation waits for, and those that it sends. An awakeable is a signal
 * with a number instead of a name.
 *
 * <p>Confined to the attempt's thread.
 */
public final class SignalCommands {
  private static final int FIRST_AWAKEABLE = 17;

  private final ReplayMachine machine;
  private final Commands commands;
  private int nextAwakeable = FIRST_AWAKEABLE;

  SignalCommands(ReplayMachine machine, Commands commands) {
    this.machine = machine;
    this.commands = commands;
  }

  // ---- to wait for; nothing is written ----

  public record NewAwakeable(String id, Awaitable.Single result) {}

  /** Its id follows from the invocation's id and the order of the calls. */
  public NewAwakeable awakeable() {
    int index = nextAwakeable++;
    ByteString invocation = machine.start().getId();
    ByteBuffer bytes = ByteBuffer.allocate(invocation.size() + Integer.BYTES);
    invocation.copyTo(bytes);
    bytes.putInt(index);
    return new NewAwakeable(
        "sign_1" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array()),
        new Awaitable.Single(new NotificationId.Signal(index)));
  }

  /** A signal that is sent to this invocation by name. */
  public Awaitable.Single named(String name) {
    return new Awaitable.Single(new NotificationId.NamedSignal(requireName(name)));
  }

  /** That somebody cancels this invocation; only when cancelling is left to user code. */
  public Awaitable.Single cancellation() {
    return machine.cancellation().explicit();
  }

  // ---- to send ----

  public void resolveAwakeable(String id, ByteString value) {
    complete(
        CompleteAwakeableCommandMessage.newBuilder()
            .setAwakeableId(id)
            .setValue(Commands.value(value)));
  }

  public void rejectAwakeable(String id, NotificationResult.Failed failure) {
    complete(
        CompleteAwakeableCommandMessage.newBuilder()
            .setAwakeableId(id)
            .setFailure(commands.failure(failure)));
  }

  private void complete(CompleteAwakeableCommandMessage.Builder completion) {
    machine.issue(MessageType.COMPLETE_AWAKEABLE, completion.build());
  }

  public void resolve(String invocationId, String name, ByteString value) {
    send(signal(invocationId, name).setValue(Commands.value(value)));
  }

  public void reject(String invocationId, String name, NotificationResult.Failed failure) {
    send(signal(invocationId, name).setFailure(commands.failure(failure)));
  }

  public void cancel(String invocationId) {
    send(
        SendSignalCommandMessage.newBuilder()
            .setTargetInvocationId(invocationId)
            .setIdx(MessageType.CANCEL_SIGNAL)
            .setVoid(Void.getDefaultInstance()));
  }

  private static SendSignalCommandMessage.Builder signal(String invocationId, String name) {
    return SendSignalCommandMessage.newBuilder()
        .setTargetInvocationId(invocationId)
        .setName(requireName(name));
  }

  private void send(SendSignalCommandMessage.Builder signal) {
    machine.issue(MessageType.SEND_SIGNAL, signal.build());
  }

  private static String requireName(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("Expected a signal's name, but it is empty");
    }
    return name;
  }
}
