package dev.reprise.server.invoker;

import dev.reprise.server.endpoint.EndpointStream;
import dev.reprise.server.invoker.frames.FrameDecoder;
import dev.reprise.server.invoker.frames.ProtocolViolation;
import dev.reprise.storage.model.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * Reads one attempt's response as fast as what it says can be dealt with. What must wait is kept,
 * and the endpoint is not given leave to send more. Confined to its attempt's loop.
 */
final class Intake implements FrameDecoder.Sink {
  private final Owner owner;
  private final MemoryShare memory;
  private final FrameDecoder decoder = new FrameDecoder(this);
  private final ArrayDeque<ByteBuf> backlog = new ArrayDeque<>(0);
  private int backlogBytes;
  private int owedBytes;
  private int wanted;

  Intake(Owner owner, MemoryShare memory) {
    this.owner = owner;
    this.memory = memory;
  }

  /** Who takes the frames. */
  interface Owner {
    /**
     * A complete frame.
     *
     * @throws ProtocolViolation when it may not be sent
     */
    void frame(long header, Bytes payload);

    /** Whether no frame can be taken now. */
    boolean blocked();
  }

  /**
   * Reads what came.
   *
   * @return whether all of it was dealt with; otherwise {@link #goOn} is to be called later
   * @throws ProtocolViolation when it may not be sent
   */
  boolean read(ByteBuf data) {
    owedBytes += data.readableBytes();
    if (backlog.isEmpty() && decoder.read(data)) {
      return true;
    }
    backlogBytes += data.readableBytes();
    memory.use(data.readableBytes());
    backlog.add(data.readRetainedSlice(data.readableBytes()));
    return false;
  }

  /** As {@link #read}, with what has been waiting. */
  boolean goOn() {
    while (!backlog.isEmpty()) {
      ByteBuf next = backlog.element();
      int before = next.readableBytes();
      boolean whole;
      try {
        whole = decoder.read(next);
      } finally {
        int read = before - next.readableBytes();
        backlogBytes -= read;
        memory.free(read);
      }
      if (!whole) {
        return false;
      }
      backlog.remove().release();
    }
    return true;
  }

  /** Nobody looks at what came. */
  void skip(ByteBuf data) {
    owedBytes += data.readableBytes();
  }

  boolean nothingWaits() {
    return backlog.isEmpty();
  }

  /** The endpoint may send as much again as has been read. */
  void credit(EndpointStream stream) {
    if (owedBytes > 0) {
      int owed = owedBytes;
      owedBytes = 0;
      stream.consumed(owed);
    }
  }

  /** Gives back all memory; nothing is read after this. */
  void drop() {
    backlog.forEach(ByteBuf::release);
    backlog.clear();
    memory.release(decoder.drop());
    memory.free(backlogBytes);
    backlogBytes = 0;
  }

  @Override
  public void frame(long header, Bytes payload) {
    owner.frame(header, payload);
  }

  @Override
  public boolean blocked() {
    return owner.blocked();
  }

  @Override
  public void announced(int bytes) {
    if (!memory.fits(bytes)) {
      throw ProtocolViolation.tooLarge("a frame", bytes, memory.limit());
    }
  }

  @Override
  public boolean reserve(int bytes) {
    // What waits is a part of it, or comes after: it is not to stand in its own way.
    memory.free(backlogBytes);
    boolean reserved = memory.tryReserve(bytes);
    memory.use(backlogBytes);
    wanted = reserved ? 0 : bytes;
    return reserved;
  }

  @Override
  public void release(int bytes) {
    memory.release(bytes);
  }

  /** How many bytes of memory are waited for; 0 where none are. */
  int wanted() {
    return wanted;
  }
}
