package dev.reprise.server.invoker;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all attempts of a node may hold: what they are told, what they say until it is in
 * the log. Each attempt takes its {@link MemoryShare} from here. Any thread.
 *
 * <p>Attempts begin in the order in which they asked for their start: one that needs much is not
 * passed by those that need little, which would leave it hungry for ever. Those that run take what
 * they need beyond their start without a line: they bring it back when they end or yield.
 */
public final class MemoryPool {
  private final AtomicLong used = new AtomicLong();
  private final long limit;
  private final ArrayDeque<Place> line = new ArrayDeque<>();
  private volatile boolean waiting;

  /** Of one who asks for starts: in the line while it waits for one. */
  static final class Place {
    private volatile boolean inLine;
  }

  public MemoryPool(long limitBytes) {
    this.limit = limitBytes;
  }

  /** Takes that many bytes if there are as many. The first to ask always gets some. */
  boolean tryTake(long bytes) {
    long before = used.getAndAdd(bytes);
    if (before > 0 && before + bytes > limit) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /**
   * Takes the start of an attempt, unless there are not as many bytes or others have waited longer;
   * then the place is in the line, and is to ask again or to {@link #leave}.
   */
  boolean tryStart(Place place, long bytes) {
    if (!waiting && tryTake(bytes)) {
      return true;
    }
    synchronized (line) {
      boolean first = line.isEmpty() || line.peek() == place;
      if (first && tryTake(bytes)) {
        leave(place);
        return true;
      }
      if (!place.inLine) {
        place.inLine = true;
        line.add(place);
        waiting = true;
      }
      return false;
    }
  }

  /** Waits no longer. Harmless where it did not. */
  void leave(Place place) {
    if (place.inLine) {
      synchronized (line) {
        place.inLine = false;
        line.remove(place);
        waiting = !line.isEmpty();
      }
    }
  }

  /** Counts bytes that are there already. */
  void take(long bytes) {
    used.addAndGet(bytes);
  }

  void give(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Bytes held now. */
  public long used() {
    return used.get();
  }

  /** Bytes that may be held. */
  public long limit() {
    return limit;
  }
}
