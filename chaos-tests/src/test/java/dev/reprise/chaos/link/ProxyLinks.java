package dev.reprise.chaos.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Links that need no privilege: each node's ports are reached through a proxy, which finds out who
 * asks. What is cut waits, as packets do that are sent again; a connection that is opened meanwhile
 * gets no answer.
 */
public final class ProxyLinks implements Links, AutoCloseable {
  private static final int BACKLOG = 200;

  private final int nodes;
  private final Asker asker;
  private final List<Direction> directions = new ArrayList<>();
  private final List<ServerSocket> doors = new ArrayList<>();
  private final Set<Piped> open = ConcurrentHashMap.newKeySet();

  /** Tells who has opened a connection. Any thread; may block. */
  @FunctionalInterface
  public interface Asker {
    /** The place of the node; -1 when it is none of them. */
    int of(Socket connection) throws IOException;
  }

  private record Piped(int from, int to, Socket one, Socket other) {}

  /** Links without a proxy yet. */
  public ProxyLinks(int nodes, Asker asker) {
    this.nodes = nodes;
    this.asker = asker;
    IntStream.range(0, nodes * nodes).forEach(any -> directions.add(new Direction()));
  }

  /**
   * Nodes are processes of this machine. Needs Linux.
   *
   * @param pid of each node's process, which may change
   */
  public static Asker processes(int nodes, IntToLongFunction pid) {
    return connection -> {
      List<Long> pids = IntStream.range(0, nodes).mapToObj(pid::applyAsLong).toList();
      return SocketOwner.of(connection.getPort(), connection.getLocalPort(), pids);
    };
  }

  /** Whether this machine can tell which process opens a connection. */
  public static boolean possible() {
    return SocketOwner.canTell();
  }

  /**
   * Lets others reach a port of a node at this address.
   *
   * @param itself where the node listens at present; an unresolved address when it does not
   */
  public void add(int node, InetSocketAddress at, Supplier<InetSocketAddress> itself) {
    try {
      ServerSocket door = new ServerSocket();
      door.setReuseAddress(true);
      door.bind(at, BACKLOG);
      doors.add(door);
      Thread.ofPlatform().daemon().name("links").start(() -> accept(door, node, itself));
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to listen on " + at, e);
    }
  }

  private void accept(ServerSocket door, int node, Supplier<InetSocketAddress> itself) {
    while (!door.isClosed()) {
      try {
        Socket asked = door.accept();
        Thread.ofVirtual().start(() -> join(asked, node, itself));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void join(Socket asked, int node, Supplier<InetSocketAddress> itself) {
    try {
      int from = asker.of(asked);
      Direction there = direction(from, node);
      Direction back = direction(node, from);
      there.awaitOpen();
      Socket answers = new Socket();
      answers.connect(itself.get());
      asked.setTcpNoDelay(true);
      answers.setTcpNoDelay(true);
      Piped piped = new Piped(from, node, asked, answers);
      open.add(piped);
      Thread.ofVirtual().start(() -> new Pipe(asked, answers, there).run(() -> close(piped)));
      Thread.ofVirtual().start(() -> new Pipe(answers, asked, back).run(() -> close(piped)));
    } catch (IOException e) {
      Pipe.close(asked);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void close(Piped piped) {
    open.remove(piped);
    Pipe.close(piped.one());
    Pipe.close(piped.other());
  }

  /** Who is no node is never touched. */
  private Direction direction(int from, int to) {
    return from < 0 || to < 0 ? new Direction() : directions.get(from * nodes + to);
  }

  @Override
  public boolean exist() {
    return true;
  }

  @Override
  public void cut(int from, int to) {
    direction(from, to).cut();
  }

  @Override
  public void delay(int from, int to, Duration by) {
    direction(from, to).delay(by);
  }

  @Override
  public void reset(int one, int other) {
    for (Piped piped : open) {
      if ((piped.from() == one && piped.to() == other)
          || (piped.from() == other && piped.to() == one)) {
        close(piped);
      }
    }
  }

  @Override
  public void heal() {
    directions.forEach(Direction::heal);
  }

  @Override
  public void close() {
    for (ServerSocket door : doors) {
      try {
        door.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    open.forEach(this::close);
  }

  /** An address of this machine. */
  public static InetSocketAddress at(String host, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("Expected an address, but got " + host, e);
    }
  }
}
