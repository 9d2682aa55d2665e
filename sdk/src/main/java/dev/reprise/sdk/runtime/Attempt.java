package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.sdk.AfterFailure;
import dev.reprise.sdk.CancelledException;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.core.AttemptEnded;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.ErrorCode;
import dev.reprise.sdk.core.MachineOptions;
import dev.reprise.sdk.core.ProtocolMessage;
import dev.reprise.sdk.core.ReplayMachine;
import dev.reprise.sdk.runtime.AttemptEvent.Aborted;
import dev.reprise.sdk.runtime.AttemptEvent.InputEnded;
import dev.reprise.sdk.runtime.AttemptEvent.Received;
import dev.reprise.sdk.runtime.AttemptEvent.RunFinished;
import dev.reprise.sdk.runtime.AttemptEvent.Unreadable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Executes a handler once, over one stream. Everything happens on one virtual thread, which owns
 * the replay machine: frames and finished steps come to it through its inbox. {@link #receive},
 * {@link #inputEnded}, {@link #unreadable} and {@link #abort} may be called by any thread and never
 * block; how much the inbox holds is bounded by the transport.
 */
public final class Attempt {
  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
  private static final int FLUSH_BYTES = 64 * 1024;
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final HandlerCall call;
  private final ReplayMachine machine;
  private final Transport transport;
  private final long maxReplayBytes;
  private final Runnable onEnd;
  private final BlockingQueue<AttemptEvent> inbox = new LinkedBlockingQueue<>();
  private final Steps steps;
  private final Thread thread;
  private volatile boolean aborted;
  private boolean inputEnded;
  private long replayBytes;

  /**
   * @param onMismatch what the server does when journal and code differ
   * @param maxReplayBytes of payload in the journal; more fails the attempt
   * @param onEnd called once, by the attempt's thread
   */
  Attempt(
      HandlerCall call,
      int protocolVersion,
      AfterFailure onMismatch,
      Transport transport,
      long maxReplayBytes,
      Runnable onEnd) {
    this.call = call;
    this.machine =
        new ReplayMachine(
            new MachineOptions(
                protocolVersion, !call.cancelsExplicitly(), Errors.behavior(onMismatch)),
            InstantSource.system());
    this.steps = new Steps(machine, inbox::add, this::flush);
    this.transport = transport;
    this.maxReplayBytes = maxReplayBytes;
    this.onEnd = onEnd;
    this.thread = Thread.ofVirtual().name(call.toString()).unstarted(this::execute);
  }

  public void start() {
    thread.start();
  }

  // ---- from the transport ----

  public void receive(int type, ByteString payload) {
    inbox.add(new Received(type, payload));
  }

  public void inputEnded() {
    inbox.add(new InputEnded());
  }

  public void unreadable(String why) {
    inbox.add(new Unreadable(why));
  }

  /** The stream is gone: interrupts the handler, nothing more is written. */
  public void abort() {
    aborted = true;
    // User code may swallow the interruption: then the event ends its next wait.
    thread.interrupt();
    inbox.add(new Aborted());
  }

  // ---- the attempt's thread ----

  private void execute() {
    try {
      executeHandler();
      flush();
      drainInput();
    } catch (AttemptEnded e) {
      logEnd(e);
    } catch (InterruptedException e) {
      LOG.debug("Attempt of {} aborted", call);
    } finally {
      steps.interrupt();
      transport.end();
      onEnd.run();
    }
  }

  private void executeHandler() {
    try {
      while (!machine.isReady()) {
        handleNext();
      }
      AttemptContext context = AttemptContext.of(this, call);
      ByteString output = call.execute(context, machine.input().getValue().getContent());
      while (steps.areExecuting()) {
        flush();
        handleNext();
      }
      machine.commands().succeed(output);
    } catch (AttemptEnded e) {
      logEnd(e);
    } catch (TerminalException e) {
      endTerminally(e);
    } catch (Throwable e) {
      failAttempt(e);
    }
  }

  private void logEnd(AttemptEnded e) {
    LOG.atLevel(e.isBroken() ? Level.WARN : Level.DEBUG)
        .log("Attempt of {} ended: {}", call, e.getMessage());
  }

  private void endTerminally(TerminalException e) {
    try {
      machine.commands().failTerminally(Errors.failed(e));
    } catch (AttemptEnded ended) {
      logEnd(ended);
    }
  }

  private void failAttempt(Throwable e) {
    if (machine.isClosed()) {
      return;
    }
    if (aborted) {
      machine.abandon();
      return;
    }
    LOG.warn("Attempt of {} failed; the server retries", call, e);
    machine.fail(Errors.message(e));
  }

  /**
   * The server closes the request after our last message; ending the response first may hang it.
   */
  private void drainInput() throws InterruptedException {
    while (!inputEnded && !aborted) {
      AttemptEvent event = inbox.poll(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
      switch (event) {
        case null -> inputEnded = true;
        case Received received -> transport.consumed(received.payload().size());
        case InputEnded ended -> inputEnded = true;
        case Unreadable unreadable -> inputEnded = true;
        case Aborted gone -> inputEnded = true;
        case RunFinished finished -> LOG.debug("Run {} ended too late", finished.id());
      }
    }
  }

  private void handleNext() {
    AttemptEvent next;
    try {
      next = inbox.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    switch (next) {
      case Received received -> {
        countReplay(received);
        transport.consumed(received.payload().size());
        machine.receive(received.type(), received.payload());
      }
      case InputEnded ended -> {
        inputEnded = true;
        machine.inputClosed();
      }
      case Unreadable unreadable -> {
        inputEnded = true;
        throw machine.violation(unreadable.why());
      }
      case Aborted gone -> {
        machine.abandon();
        throw new AttemptEnded("aborted");
      }
      case RunFinished finished -> steps.settle(finished);
    }
  }

  private void countReplay(Received received) {
    if (machine.isReady()) {
      return;
    }
    replayBytes += received.payload().size();
    if (replayBytes > maxReplayBytes) {
      String why =
          "Expected a journal of at most %d bytes, but it is larger".formatted(maxReplayBytes);
      machine.fail(ErrorMessage.newBuilder().setCode(ErrorCode.INTERNAL).setMessage(why));
      throw new AttemptEnded(why);
    }
  }

  private AttemptEnded interrupted(InterruptedException e) {
    if (aborted) {
      machine.abandon();
      return new AttemptEnded("aborted");
    }
    failAttempt(e);
    return new AttemptEnded("interrupted");
  }

  private void flush() {
    List<ProtocolMessage> messages = machine.takeOutput();
    if (messages.isEmpty()) {
      return;
    }
    try {
      transport.send(messages);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  // ---- for the context; all on the attempt's thread ----

  ReplayMachine machine() {
    checkThread();
    return machine;
  }

  Codec codec() {
    return call.codec();
  }

  Steps steps() {
    checkThread();
    return steps;
  }

  private void checkThread() {
    if (Thread.currentThread() != thread || steps.isInsideOne()) {
      throw new IllegalStateException(
          "Expected the context to be used by its handler's thread and outside of run, but it was used "
              + (steps.isInsideOne() ? "inside of one" : "by " + Thread.currentThread()));
    }
  }

  /** After a command: starts what may start now, and bounds what waits to be written. */
  void written() {
    steps.start();
    if (machine.outputBytes() > FLUSH_BYTES) {
      flush();
    }
  }

  /** Returns when the await is resolved. */
  void await(Awaitable awaited) {
    checkThread();
    while (true) {
      steps.start();
      switch (machine.progress(awaited)) {
        case RESOLVED -> {
          return;
        }
        case CANCELLED -> throw new CancelledException();
        case BLOCKED -> {
          flush();
          handleNext();
        }
        case SUSPENDED -> throw new AttemptEnded("suspended");
      }
    }
  }
}
