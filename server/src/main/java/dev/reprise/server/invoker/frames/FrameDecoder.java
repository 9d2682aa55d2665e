package dev.reprise.server.invoker.frames;

import dev.reprise.api.MessageFraming;
import dev.reprise.storage.model.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames, however it arrives. A frame's length is checked on its
 * header, and memory is taken as its bytes come, so that a lying header costs nothing. Confined to
 * its attempt's loop.
 */
public final class FrameDecoder {
  private static final int SMALL = 64 << 10;

  private final Sink sink;
  private long header;
  private int headerBytes;
  private byte @Nullable [] payload;
  private int payloadBytes;
  private int length;
  private boolean reserved;

  public FrameDecoder(Sink sink) {
    this.sink = sink;
  }

  /** Who takes the frames. */
  public interface Sink {
    /**
     * A complete frame.
     *
     * @throws ProtocolViolation when it may not be sent
     */
    void frame(long header, Bytes payload);

    /** Whether no frame can be taken now. */
    boolean blocked();

    /**
     * A frame of that length follows.
     *
     * @throws ProtocolViolation when it never can be taken
     */
    void announced(int bytes);

    /** Whether a large frame may be read into memory. Once true, that many bytes are taken. */
    boolean reserve(int bytes);

    /** A large frame is complete: its bytes are the taker's business now. */
    void release(int bytes);
  }

  /**
   * Reads as many frames as there are.
   *
   * @return whether all was read; false where the sink takes no more now and the rest is to be
   *     brought again
   * @throws ProtocolViolation when the peer may not send this
   */
  public boolean read(ByteBuf in) {
    while (in.isReadable()) {
      if (sink.blocked()) {
        return false;
      }
      if (!readHeader(in)) {
        return true;
      }
      if (payload == null && in.readableBytes() >= length) {
        byte[] whole = new byte[length];
        in.readBytes(whole);
        complete(whole);
        continue;
      }
      if (!reserved && length > SMALL) {
        if (!sink.reserve(length)) {
          return false;
        }
        reserved = true;
      }
      readPart(in);
    }
    return true;
  }

  /** Forgets the frame under way; says how many bytes were reserved for it. */
  public int drop() {
    int bytes = reserved ? length : 0;
    reserved = false;
    payload = null;
    return bytes;
  }

  private boolean readHeader(ByteBuf in) {
    if (headerBytes == MessageFraming.HEADER_BYTES) {
      return true;
    }
    while (headerBytes < MessageFraming.HEADER_BYTES) {
      if (!in.isReadable()) {
        return false;
      }
      header = header << Byte.SIZE | in.readUnsignedByte();
      headerBytes++;
    }
    long announced = MessageFraming.length(header);
    if (announced >= MessageFraming.FRAME_LIMIT) {
      throw new ProtocolViolation(
          "RT0003",
          "Expected values of at most 32 MiB, but the header of a frame says "
              + announced
              + " bytes");
    }
    length = (int) announced;
    sink.announced(length);
    return true;
  }

  private void readPart(ByteBuf in) {
    byte[] part = payload;
    int count = Math.min(in.readableBytes(), length - payloadBytes);
    if (part == null) {
      part = new byte[Math.min(length, Math.max(SMALL, count))];
    } else if (part.length < payloadBytes + count) {
      int doubled = (int) Math.min(length, 2L * part.length);
      part = Arrays.copyOf(part, Math.max(doubled, payloadBytes + count));
    }
    in.readBytes(part, payloadBytes, count);
    payload = part;
    payloadBytes += count;
    if (payloadBytes == length) {
      complete(part);
    }
  }

  private void complete(byte[] whole) {
    long of = header;
    header = 0;
    headerBytes = 0;
    payload = null;
    payloadBytes = 0;
    if (reserved) {
      reserved = false;
      sink.release(length);
    }
    sink.frame(of, Bytes.of(whole));
  }
}
