package dev.reprise.bench.endpoint;

import dev.reprise.api.MessageFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Builds protobuf messages field by field and frames them. Writes into {@link #frames}; a message's
 * fields are written first, then {@link #frame} closes it. The event loop's thread.
 */
final class MessageWriter {
  private static final int BYTES = 2;

  private final ByteBuf fields = Unpooled.buffer(1024);
  private final ByteBuf frames = Unpooled.buffer(4096);

  MessageWriter varint(int number, long value) {
    writeVarint((long) number << 3);
    writeVarint(value);
    return this;
  }

  MessageWriter bytes(int number, byte[] value) {
    tag(number);
    writeVarint(value.length);
    fields.writeBytes(value);
    return this;
  }

  /** A field that holds a {@code Value}. */
  MessageWriter value(int number, byte[] content) {
    tag(number);
    writeVarint(1 + varintLength(content.length) + content.length);
    return bytes(1, content);
  }

  /** Ends the message: its frame follows the frames before. */
  void frame(int type) {
    frames.writeLong(MessageFraming.header(type, fields.readableBytes()));
    frames.writeBytes(fields);
    fields.clear();
  }

  /** Frames that were written; the reader takes them out. */
  ByteBuf frames() {
    return frames;
  }

  /** Forgets everything, before another response is written. */
  void clear() {
    fields.clear();
    frames.clear();
  }

  private void tag(int number) {
    writeVarint((long) number << 3 | BYTES);
  }

  private void writeVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      fields.writeByte((int) rest | 0x80);
      rest >>>= 7;
    }
    fields.writeByte((int) rest);
  }

  private static int varintLength(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }
}
