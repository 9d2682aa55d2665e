package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.sdk.AfterFailure;
import dev.reprise.sdk.AttemptFailedException;
import dev.reprise.sdk.RetryPolicy;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.core.AttemptEnded;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.Commands;
import dev.reprise.sdk.core.ErrorCode;
import dev.reprise.sdk.core.NotificationResult;
import dev.reprise.sdk.core.ReplayMachine;
import dev.reprise.sdk.runtime.AttemptEvent.RunFinished;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of an attempt: executes those whose result the journal does not hold, and proposes what
 * they return. Confined to the attempt's thread; a step that runs aside reports through the inbox.
 */
final class Steps {
  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

  private static final int NOWHERE = 0;

  private final ReplayMachine machine;
  private final Consumer<RunFinished> inbox;
  private final Runnable flush;
  private final Map<Integer, OpenStep> open = new HashMap<>();
  private final Map<Integer, Thread> aside = new HashMap<>();
  private boolean insideOne;

  /** User code together with the encoding of its result. */
  interface Step {
    ByteString execute() throws Exception;
  }

  private record OpenStep(Commands.Run run, String name, RetryPolicy policy, Step step) {}

  Steps(ReplayMachine machine, Consumer<RunFinished> inbox, Runnable flush) {
    this.machine = machine;
    this.inbox = inbox;
    this.flush = flush;
  }

  /** Whether user code of a step runs on this thread. */
  boolean isInsideOne() {
    return insideOne;
  }

  boolean areExecuting() {
    return !aside.isEmpty();
  }

  void interrupt() {
    aside.values().forEach(Thread::interrupt);
  }

  /** Executes a step on this thread, unless its result is known. */
  Awaitable.Single here(String name, RetryPolicy policy, Step step) {
    // What was asked before must not wait for a long step.
    flush.run();
    OpenStep opened = open(name, policy, step);
    start(opened.run().id());
    return opened.run().result();
  }

  /** Executes a step on another thread, unless its result is known. */
  Awaitable.Single aside(String name, RetryPolicy policy, Step step) {
    OpenStep opened = open(name, policy, step);
    start();
    return opened.run().result();
  }

  private OpenStep open(String name, RetryPolicy policy, Step step) {
    Commands.Run run = machine.commands().run(name);
    var opened = new OpenStep(run, name, policy, step);
    open.put(run.id(), opened);
    return opened;
  }

  /** Starts the steps that were opened while the journal was replayed. */
  void start() {
    start(NOWHERE);
  }

  /** The newest step may run here; it is the last of the list. */
  private void start(int here) {
    for (int id : machine.startRuns()) {
      OpenStep step = find(id);
      if (id == here) {
        settle(executeHere(step));
      } else {
        aside.put(
            id,
            Thread.ofVirtual().name("run " + step.name()).start(() -> inbox.accept(execute(step))));
      }
    }
  }

  private OpenStep find(int id) {
    OpenStep step = open.get(id);
    if (step == null) {
      throw new IllegalStateException("Expected run %d to be open, but it is not".formatted(id));
    }
    return step;
  }

  private RunFinished executeHere(OpenStep step) {
    insideOne = true;
    try {
      return execute(step);
    } finally {
      insideOne = false;
    }
  }

  private static RunFinished execute(OpenStep step) {
    long begin = System.nanoTime();
    ByteString value = null;
    Throwable failure = null;
    try {
      value = step.step().execute();
    } catch (Throwable e) {
      failure = e;
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    return new RunFinished(step.run().id(), value, failure, elapsed);
  }

  /** Proposes what a step returned or threw; or ends the attempt, so that it is retried. */
  void settle(RunFinished finished) {
    OpenStep step = find(finished.id());
    open.remove(finished.id());
    aside.remove(finished.id());
    if (finished.value() != null) {
      machine.commands().proposeRunSuccess(finished.id(), finished.value());
    } else if (finished.failure() instanceof TerminalException e) {
      propose(finished, Errors.failed(e));
    } else if (finished.failure() != null) {
      settleFailure(step, finished, finished.failure());
    }
    flush.run();
  }

  private void propose(RunFinished finished, NotificationResult.Failed failure) {
    machine.commands().proposeRunFailure(finished.id(), failure);
  }

  private void settleFailure(OpenStep step, RunFinished finished, Throwable failure) {
    var retries = machine.retryInfo();
    int attempts = retries.count() + 1;
    Duration elapsed = retries.elapsed().plus(finished.elapsed());
    boolean exhausted = step.policy().isExhausted(attempts, elapsed);
    if (exhausted && step.policy().afterwards() == AfterFailure.FAIL) {
      propose(finished, new NotificationResult.Failed(ErrorCode.INTERNAL, failure.toString()));
      return;
    }
    LOG.warn("Run \"{}\" failed; the server retries", step.name(), failure);
    var error =
        Errors.message(failure)
            .setRelatedCommandIndex(step.run().commandIndex())
            .setRelatedCommandName(step.name())
            .setRelatedCommandType(MessageType.RUN);
    Duration pause = step.policy().pauseAfter(attempts);
    if (exhausted) {
      error.setBehavior(Errors.behavior(step.policy().afterwards())).clearNextRetryDelay();
    } else if (pause != null && !(failure instanceof AttemptFailedException)) {
      error.setNextRetryDelay(pause.toMillis());
    }
    machine.fail(error);
    throw new AttemptEnded("Run \"" + step.name() + "\" failed: " + failure);
  }
}
