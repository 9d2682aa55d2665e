package dev.reprise.cluster.log.ratis;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a port of this machine, as a router does that may forget a connection. */
final class Relay implements AutoCloseable {
  private final ServerSocket door;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** Connections with a lower number are forgotten: what is sent on them arrives nowhere. */
  private volatile int remembered;

  /** Connections are taken, and forgotten at once. */
  private volatile boolean forgetful;

  private volatile int accepted;

  /** Listens on a free port. */
  Relay(int port) throws IOException {
    this.port = port;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("relay").start(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  /** From now on the present connections carry nothing any more; nobody is told. */
  void forget() {
    remembered = accepted;
  }

  /** From now on, and until {@link #recover}, no connection carries anything. */
  void forgetAll() {
    forgetful = true;
    forget();
  }

  /** From now on new connections carry again what is sent on them. */
  void recover() {
    forget();
    forgetful = false;
  }

  /** How many connections it has taken so far. */
  int accepted() {
    return accepted;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket from = door.accept();
        int number = accepted;
        accepted = number + 1;
        remembered = forgetful ? number + 1 : remembered;
        Socket to = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(from);
        open.add(to);
        carry(number, from, to);
        carry(number, to, from);
      } catch (IOException e) {
        // Nobody listens there, or it is closed.
      }
    }
  }

  private void carry(int number, Socket from, Socket to) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              byte[] buffer = new byte[8192];
              try (from;
                  to) {
                OutputStream out = to.getOutputStream();
                for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
                  if (number >= remembered) {
                    out.write(buffer, 0, read);
                  }
                }
              } catch (IOException e) {
                // One of them is gone: so is the other.
              }
            });
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket each : open) {
      each.close();
    }
  }
}
