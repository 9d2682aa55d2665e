package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an attempt's thread may be waiting for. */
sealed interface AttemptEvent {
  /** The server sent a frame. */
  record Received(int type, ByteString payload) implements AttemptEvent {}

  /** The server sends nothing more. */
  record InputEnded() implements AttemptEvent {}

  /** What the server sent is no frame. */
  record Unreadable(String why) implements AttemptEvent {}

  /** The stream is gone. */
  record Aborted() implements AttemptEvent {}

  /** A step that ran on another thread is done: with a value, or with a failure. */
  record RunFinished(
      int id, @Nullable ByteString value, @Nullable Throwable failure, Duration elapsed)
      implements AttemptEvent {}
}
