package dev.reprise.server.invoker;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.model.AttemptId;
import java.util.List;

/**
 * What one attempt says to the log: gathered, proposed together, and answered. Confined to its
 * attempt's loop.
 */
final class Proposals {
  private static final long NOT_HELD = -1;

  private final EndpointInvoker invoker;
  private final Invokers node;
  private final Activation activation;
  private final AttemptId attemptId;
  private final Route route;
  private final MemoryShare memory;
  private final Answers answers;
  private final Sayings sayings = new Sayings();
  private int firstCommand;
  private int unanswered;
  private long unansweredBytes;
  private long heldSinceMillis = NOT_HELD;
  private boolean lastWordProposed;
  private boolean abandoned;

  Proposals(
      EndpointInvoker invoker,
      Activation activation,
      AttemptId attemptId,
      Route route,
      MemoryShare memory,
      Answers answers) {
    this.invoker = invoker;
    this.node = invoker.node();
    this.activation = activation;
    this.attemptId = attemptId;
    this.route = route;
    this.memory = memory;
    this.answers = answers;
  }

  /** Who hears what became of a proposal. */
  interface Answers {
    void answered(Sayings.Batch batch, Result result);
  }

  /** The journal has that many commands. */
  void startAt(int commands) {
    firstCommand = commands;
  }

  int firstCommand() {
    return firstCommand;
  }

  // ---- gathering ----

  void command(Statement statement, int bytes, boolean needsLog, boolean ack) {
    sayings.add(statement, bytes, true);
    if (needsLog) {
      sayings.hurry();
    }
    if (ack) {
      sayings.acknowledge(firstCommand + sayings.commands() - 1);
    }
  }

  void runCompleted(Statement.RunCompleted completed) {
    sayings.add(completed, completed.notification().length(), false);
    sayings.hurry();
  }

  void lastWord(Statement statement) {
    sayings.add(statement, 0, false);
    sayings.last();
  }

  /** What was not proposed yet is unsaid. */
  void drop() {
    sayings.clear();
    heldSinceMillis = NOT_HELD;
  }

  // ---- proposing ----

  /**
   * The end of a socket read, or of a wait: proposes what cannot wait any longer.
   *
   * @return false where a receiving partition has no room now
   */
  boolean turn() {
    if (sayings.isEmpty()) {
      return true;
    }
    if (sayings.urgent() || sayings.bytes() >= node.options().holdBytes() || heldTooLong()) {
      return propose();
    }
    if (heldSinceMillis == NOT_HELD) {
      heldSinceMillis = invoker.nowMillis();
      invoker.lookAgainAt(heldUntil());
    }
    return true;
  }

  /** Proposes all that was gathered; false where a receiving partition has no room now. */
  boolean propose() {
    if (sayings.isEmpty()) {
      return true;
    }
    if (!outboxHasRoom()) {
      return false;
    }
    heldSinceMillis = NOT_HELD;
    Sayings.Batch batch = sayings.take();
    Command.AttemptSaid said =
        new Command.AttemptSaid(
            activation.id(),
            activation.incarnation(),
            attemptId,
            firstCommand,
            route.pin(),
            batch.statements());
    firstCommand += batch.commands();
    unanswered++;
    unansweredBytes += batch.bytes();
    lastWordProposed = batch.terminal();
    memory.use(batch.bytes());
    node.counters().proposed(batch.statements().size());
    invoker.host().propose(said, result -> answered(batch, result));
    return true;
  }

  private void answered(Sayings.Batch batch, Result result) {
    if (abandoned) {
      return;
    }
    unanswered--;
    unansweredBytes -= batch.bytes();
    memory.free(batch.bytes());
    answers.answered(batch, result);
  }

  /** The epoch is over: no answer will come. */
  void abandon() {
    abandoned = true;
    memory.free(unansweredBytes);
    unansweredBytes = 0;
  }

  boolean outboxHasRoom() {
    List<Integer> receivers = sayings.receivers();
    for (int i = 0; i < receivers.size(); i++) {
      if (!invoker.host().outboxHasRoom(receivers.get(i))) {
        return false;
      }
    }
    return true;
  }

  // ---- facts ----

  private boolean heldTooLong() {
    return heldSinceMillis != NOT_HELD && invoker.nowMillis() >= heldUntil();
  }

  /** When what is gathered has waited long enough for a later frame; the end of time if nothing. */
  long heldUntil() {
    return heldSinceMillis == NOT_HELD
        ? Long.MAX_VALUE
        : heldSinceMillis + node.options().hold().toMillis();
  }

  boolean allAnswered() {
    return unanswered == 0;
  }

  boolean nothingGathered() {
    return sayings.isEmpty();
  }

  boolean lastWordProposed() {
    return lastWordProposed;
  }

  /** Whether the endpoint says more than the log takes for now. */
  boolean behind() {
    return memory.tight() || unansweredBytes + sayings.bytes() > node.options().unansweredBytes();
  }
}
