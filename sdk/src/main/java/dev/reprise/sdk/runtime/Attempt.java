package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.core.AttemptEnded;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.CurrentContext;
import dev.reprise.sdk.core.ErrorCode;
import dev.reprise.sdk.core.ProtocolMessage;
import dev.reprise.sdk.core.ReplayMachine;
import dev.reprise.sdk.runtime.AttemptEvent.InputEnded;
import dev.reprise.sdk.runtime.AttemptEvent.Received;
import dev.reprise.sdk.runtime.AttemptEvent.RunFinished;
import dev.reprise.sdk.runtime.AttemptEvent.Unreadable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private final ServiceDefinition service;
  private final HandlerDefinition handler;
  private final Codec codec;
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
   * @param maxReplayBytes of payload in the journal; more fails the attempt
   * @param onEnd called once, by the attempt's thread
   */
  Attempt(
      ServiceDefinition service,
      HandlerDefinition handler,
      Codec codec,
      int protocolVersion,
      Transport transport,
      long maxReplayBytes,
      Runnable onEnd) {
    this.service = service;
    this.handler = handler;
    this.codec = codec;
    this.machine = new ReplayMachine(protocolVersion, InstantSource.system());
    this.steps = new Steps(machine, inbox::add, this::flush);
    this.transport = transport;
    this.maxReplayBytes = maxReplayBytes;
    this.onEnd = onEnd;
    this.thread =
        Thread.ofVirtual().name(service.name() + "/" + handler.name()).unstarted(this::execute);
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
    thread.interrupt();
  }

  // ---- the attempt's thread ----

  private void execute() {
    try {
      executeHandler();
      flush();
      drainInput();
    } catch (AttemptEnded e) {
      LOG.debug("Attempt of {}/{} ended: {}", service.name(), handler.name(), e.getMessage());
    } catch (InterruptedException e) {
      LOG.debug("Attempt of {}/{} aborted", service.name(), handler.name());
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
      ByteString output = callHandler();
      while (steps.areExecuting()) {
        flush();
        handleNext();
      }
      machine.commands().succeed(output);
    } catch (AttemptEnded e) {
      LOG.debug("Attempt of {}/{} is over: {}", service.name(), handler.name(), e.getMessage());
    } catch (TerminalException e) {
      endTerminally(e);
    } catch (Throwable e) {
      failAttempt(e);
    }
  }

  private ByteString callHandler() throws Throwable {
    AttemptContext context = AttemptContext.of(this, handler.kind());
    CurrentContext.set(context);
    try {
      Object output = handler.invoke(service.instance(), context, decodeInput());
      return Codec.isVoid(handler.outputType()) ? ByteString.EMPTY : codec.encode(output);
    } finally {
      CurrentContext.clear();
    }
  }

  private @Nullable Object decodeInput() {
    if (handler.inputType() == null) {
      return null;
    }
    ByteString bytes = machine.input().getValue().getContent();
    if (bytes.isEmpty() && !Codec.isBytes(handler.inputType())) {
      throw new TerminalException(
          ErrorCode.BAD_REQUEST, "Expected an input, but the body is empty");
    }
    try {
      return codec.decode(bytes, handler.inputType());
    } catch (RuntimeException e) {
      throw new TerminalException(
          ErrorCode.BAD_REQUEST,
          "Expected an input of type %s, but %s"
              .formatted(handler.inputType().getTypeName(), e.getMessage()));
    }
  }

  private void endTerminally(TerminalException e) {
    try {
      machine.commands().failTerminally(e.code(), String.valueOf(e.getMessage()));
    } catch (AttemptEnded ended) {
      LOG.debug("Attempt of {}/{} had ended before: {}", service.name(), handler.name(), ended);
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
    LOG.warn("Attempt of {}/{} failed; the server retries", service.name(), handler.name(), e);
    machine.fail(Errors.message(e));
  }

  /**
   * The server closes the request after our last message; ending the response first may hang it.
   */
  private void drainInput() throws InterruptedException {
    while (!inputEnded) {
      AttemptEvent event = inbox.poll(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
      switch (event) {
        case null -> inputEnded = true;
        case Received received -> transport.consumed(received.payload().size());
        case InputEnded ended -> inputEnded = true;
        case Unreadable unreadable -> inputEnded = true;
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
      case Unreadable unreadable -> throw machine.violation(unreadable.why());
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
    if (!machine.hasOutput()) {
      return;
    }
    var messages = new ArrayList<ProtocolMessage>();
    machine.takeOutput(messages::add);
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
    return codec;
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
        case CANCELLED -> throw new TerminalException(ErrorCode.CANCELLED, "Cancelled");
        case BLOCKED -> {
          flush();
          handleNext();
        }
        case SUSPENDED -> throw new AttemptEnded("suspended");
      }
    }
  }
}
