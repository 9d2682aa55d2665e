package dev.reprise.server.node;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one thing again and again on a thread of its own; a turn that fails is logged and followed
 * by the next.
 */
final class Periodic implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Periodic.class);

  private final ScheduledExecutorService thread;
  private final Future<?> turns;

  Periodic(String name, Duration pause, Runnable turn) {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
    turns =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                turn.run();
              } catch (RuntimeException e) {
                logger.warn("{} failed and is tried again", name, e);
              }
            },
            pause.toNanos(),
            pause.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    turns.cancel(false);
    thread.shutdownNow();
  }
}
