package dev.reprise.chaos.kubernetes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One address for all pods that are ready, as a Service is: each new connection goes to the next of
 * them and stays there; nothing is tried twice.
 */
final class ClientService implements AutoCloseable {
  private static final int BACKLOG = 200;

  private final ServerSocket door;
  private final Supplier<List<InetSocketAddress>> ready;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** The accepting thread's. */
  private int turn;

  /**
   * Listens on a free port.
   *
   * @param ready where connections may go now; any thread
   */
  ClientService(Supplier<List<InetSocketAddress>> ready) throws IOException {
    this.ready = ready;
    this.door = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("service").start(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        open.add(client);
        List<InetSocketAddress> pods = ready.get();
        int chosen = turn++;
        Thread.ofVirtual()
            .start(
                () -> {
                  if (pods.isEmpty()) {
                    close(client);
                  } else {
                    join(client, pods.get(chosen % pods.size()));
                  }
                });
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void join(Socket client, InetSocketAddress pod) {
    Socket server = new Socket();
    try {
      server.connect(pod);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      open.add(server);
      Thread back = Thread.ofVirtual().start(() -> carry(server, client));
      carry(client, server);
      back.join();
    } catch (IOException e) {
      // The client sees that it is closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(client);
      close(server);
    }
  }

  private static void carry(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One of them is gone: so is the other.
      quietly(from);
      quietly(to);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    quietly(socket);
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone in any case.
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    open.forEach(this::close);
  }
}
