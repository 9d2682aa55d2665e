package dev.reprise.server.invoker;

import dev.reprise.server.endpoint.EndpointStream;
import dev.reprise.storage.model.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * Reads one attempt's response as fast as what it says can be dealt with. What must wait is kept,
 * and the endpoint is not given leave to send more. Confined to its attempt's loop.
 */
final class Intake implements FrameDecoder.Sink {
  private final Owner owner;
  private final FrameMemory memory;
  private final FrameDecoder decoder = new FrameDecoder(this);
  private final ArrayDeque<ByteBuf> backlog = new ArrayDeque<>(0);
  private int owedBytes;

  Intake(Owner owner, FrameMemory memory) {
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
    memory.take(data.readableBytes());
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
        memory.give(before - next.readableBytes());
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
    for (ByteBuf each : backlog) {
      memory.give(each.readableBytes());
      each.release();
    }
    backlog.clear();
    memory.give(decoder.drop());
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
  public boolean reserve(int bytes) {
    return memory.tryTake(bytes);
  }

  @Override
  public void release(int bytes) {
    memory.give(bytes);
  }
}
