package dev.reprise.server.invoker;

import dev.reprise.cluster.engine.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt has said and not yet proposed, in order. Some of it waits for a later frame, for
 * it matters only together with that; the rest is to be proposed at the end of the socket read.
 * Confined to its attempt's loop.
 */
final class Sayings {
  private static final int OVERHEAD_BYTES = 64;

  private List<Statement> statements = new ArrayList<>(4);
  private List<Integer> receivers = List.of();
  private @Nullable List<Integer> acks;
  private int commands;
  private int bytes;
  private boolean urgent;
  private boolean terminal;

  /** A journal command or, with {@code isCommand} false, anything else. */
  void add(Statement statement, int payloadBytes, boolean isCommand) {
    statements.add(statement);
    bytes += payloadBytes + OVERHEAD_BYTES;
    commands += isCommand ? 1 : 0;
    switch (statement) {
      case Statement.Called called -> addressed(called.receiver());
      case Statement.Signaled signaled -> addressed(signaled.receiver());
      case Statement.Attached attached -> addressed(attached.receiver());
      default -> {}
    }
  }

  private void addressed(int receiver) {
    if (receivers.isEmpty()) {
      receivers = new ArrayList<>(2);
    }
    receivers.add(receiver);
  }

  /** The command just added is to be acknowledged once it is durable. */
  void acknowledge(int commandIndex) {
    if (acks == null) {
      acks = new ArrayList<>(2);
    }
    acks.add(commandIndex);
    urgent = true;
  }

  /** Somebody waits for the answer to what was added, or sees its effect. */
  void hurry() {
    urgent = true;
  }

  /** What was just added is the attempt's last word. */
  void last() {
    terminal = true;
    urgent = true;
  }

  boolean isEmpty() {
    return statements.isEmpty();
  }

  boolean urgent() {
    return urgent;
  }

  boolean terminal() {
    return terminal;
  }

  int bytes() {
    return bytes;
  }

  int commands() {
    return commands;
  }

  List<Integer> receivers() {
    return receivers;
  }

  /** All of it, as one thing to propose; nothing is left here. */
  Batch take() {
    Batch batch =
        new Batch(
            statements, Objects.requireNonNullElse(acks, List.of()), commands, bytes, terminal);
    clear();
    return batch;
  }

  void clear() {
    statements = new ArrayList<>(4);
    receivers = List.of();
    acks = null;
    commands = 0;
    bytes = 0;
    urgent = false;
    terminal = false;
  }

  /**
   * What is proposed together.
   *
   * @param acks indexes of the commands that are to be acknowledged
   */
  record Batch(
      List<Statement> statements, List<Integer> acks, int commands, int bytes, boolean terminal) {}
}
