package dev.reprise.sdk.core;

import java.util.Queue;

/** Where an attempt stands. */
sealed interface MachineState {
  /** Nothing has arrived. */
  record WaitingStart() implements MachineState {}

  /** The journal is arriving; user code waits for all of it. */
  record WaitingReplayEntries(int missing, Queue<ProtocolMessage> commands)
      implements MachineState {}

  /** User code asks again for what the journal already holds. Never without commands. */
  record Replaying(Queue<ProtocolMessage> commands) implements MachineState {}

  /** What user code asks for is new. */
  record Processing(boolean wroteCommand) implements MachineState {}

  /** The last message was written, or the stream is gone. */
  record Closed() implements MachineState {}
}
