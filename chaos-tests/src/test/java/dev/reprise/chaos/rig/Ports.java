package dev.reprise.chaos.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that are free now, for processes that must know theirs before they start. None of those
 * that connections are given: while a process is down, a client could get its port.
 */
public final class Ports {
  private static final int TRIES = 200;
  private static final int FIRST = 10_000;
  private static final int LAST = 32_000;

  private Ports() {}

  /** One free port. */
  public static int free() {
    return run(1);
  }

  /** The first of so many free ports in a row. */
  public static int run(int count) {
    for (int i = 0; i < TRIES; i++) {
      List<ServerSocket> held = new ArrayList<>();
      try {
        int drawn = ThreadLocalRandom.current().nextInt(FIRST, LAST);
        held.add(new ServerSocket(drawn, 1, InetAddress.getLoopbackAddress()));
        int first = held.getFirst().getLocalPort();
        for (int more = 1; more < count; more++) {
          ServerSocket socket = new ServerSocket();
          held.add(socket);
          socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), first + more));
        }
        return first;
      } catch (IOException | IllegalArgumentException e) {
        // Somebody has one of them: elsewhere.
      } finally {
        held.forEach(Ports::close);
      }
    }
    throw new IllegalStateException("Expected " + count + " free ports in a row");
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
