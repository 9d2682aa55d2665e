package dev.reprise.server.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been opened, to be closed in the reverse order; one that fails does not keep the others
 * open.
 */
final class Closing implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    synchronized (opened) {
      opened.push(resource);
    }
    return resource;
  }

  @Override
  public void close() {
    while (true) {
      AutoCloseable next;
      synchronized (opened) {
        next = opened.poll();
      }
      if (next == null) {
        return;
      }
      try {
        next.close();
      } catch (Exception e) {
        logger.warn("{} did not close in order", next.getClass().getSimpleName(), e);
      }
    }
  }
}
