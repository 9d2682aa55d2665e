package dev.reprise.server.http;

import dev.reprise.server.http.HttpHandler.Refusal;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests that are handled later, with their bodies: as many as there is room for. Any loop. */
public final class Deferrals {
  private static final Logger LOG = LoggerFactory.getLogger(Deferrals.class);

  private final HttpHandler handler;
  private final int most;
  private final long mostBytes;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Nothing is deferred yet.
   *
   * @param handler says what a defect of ours is answered with
   * @param most requests at a time
   * @param mostBytes of all their bodies
   */
  public Deferrals(HttpHandler handler, int most, long mostBytes) {
    this.handler = handler;
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /**
   * Does this once the stage is complete, on the exchange's loop, unless the client has left. On
   * that loop, while the exchange is being handled.
   *
   * @param work is given the problem, if there was one
   * @return false when there is no room; nothing happens then
   */
  public boolean defer(
      Exchange exchange, CompletionStage<?> until, Consumer<@Nullable Throwable> work) {
    int size = exchange.body().readableBytes();
    boolean tooMany = count.incrementAndGet() > most;
    boolean tooLarge = bytes.addAndGet(size) > mostBytes;
    if (tooMany || tooLarge) {
      leave(size);
      return false;
    }
    exchange.body().retain();
    var unused =
        until.whenComplete(
            (value, problem) -> {
              try {
                exchange.loop().execute(() -> finish(exchange, size, problem, work));
              } catch (RejectedExecutionException closed) {
                // The server is closed, and with it the connection.
                exchange.body().release();
                leave(size);
              }
            });
    return true;
  }

  private void finish(
      Exchange exchange,
      int size,
      @Nullable Throwable problem,
      Consumer<@Nullable Throwable> work) {
    try {
      if (!exchange.isOver()) {
        work.accept(problem);
      }
    } catch (RuntimeException e) {
      LOG.error("handling {} {} failed", exchange.method(), exchange.target(), e);
      exchange.respond(handler.refusal(Refusal.BROKEN));
    } finally {
      exchange.body().release();
      leave(size);
    }
  }

  private void leave(int size) {
    count.decrementAndGet();
    bytes.addAndGet(-size);
  }
}
