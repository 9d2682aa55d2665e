package dev.reprise.sdk.core;

/** What a notification answers: a command's completion id, or a signal. */
public sealed interface NotificationId {
  record Completion(int id) implements NotificationId {}

  record Signal(int index) implements NotificationId {}

  record NamedSignal(String name) implements NotificationId {}
}
