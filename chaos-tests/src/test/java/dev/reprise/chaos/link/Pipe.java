package dev.reprise.chaos.link;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** Carries bytes from one connection to another, as late as its direction says. */
final class Pipe {
  private static final int PIECE = 64 << 10;

  /** Pieces under way; then the sender has to wait, as with a full window. */
  private static final int UNDER_WAY = 256;

  private static final Piece END = new Piece(new byte[0], 0);

  private final Socket from;
  private final Socket to;
  private final Direction direction;
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(UNDER_WAY);

  /** Nobody compares two of them. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Piece(byte[] bytes, long arrives) {
    boolean isEnd() {
      return bytes.length == 0;
    }
  }

  Pipe(Socket from, Socket to, Direction direction) {
    this.from = from;
    this.to = to;
    this.direction = direction;
  }

  /** Carries until either side is closed. */
  void run(Runnable closed) {
    Thread reader = Thread.ofVirtual().start(this::read);
    try {
      for (Piece piece = pieces.take(); !piece.isEnd(); piece = pieces.take()) {
        for (long left = piece.arrives() - System.nanoTime();
            left > 0;
            left = piece.arrives() - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        direction.awaitOpen();
        to.getOutputStream().write(piece.bytes());
      }
    } catch (IOException e) {
      // Closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.run();
      reader.interrupt();
    }
  }

  private void read() {
    byte[] bytes = new byte[PIECE];
    try {
      try {
        for (int count = from.getInputStream().read(bytes);
            count >= 0;
            count = from.getInputStream().read(bytes)) {
          pieces.put(new Piece(Arrays.copyOf(bytes, count), direction.arrival()));
        }
      } catch (IOException e) {
        // Closed.
      }
      pieces.put(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone in any case.
    }
  }
}
