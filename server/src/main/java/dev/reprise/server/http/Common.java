package dev.reprise.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** What the connections of one server have in common. Any thread. */
final class Common {
  /** Bytes of bodies that are being received or handled. */
  final AtomicLong held = new AtomicLong();

  private volatile boolean leaving;

  /** From now on, connections are to end with the request that they have. */
  void leave() {
    leaving = true;
  }

  boolean isLeaving() {
    return leaving;
  }
}
