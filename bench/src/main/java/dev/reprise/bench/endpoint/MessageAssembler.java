package dev.reprise.bench.endpoint;

import dev.reprise.api.MessageFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Puts framed messages together from pieces of a body that are cut anywhere. One thread. */
final class MessageAssembler {
  /** The bound that servers keep to as well. */
  private static final long MAX_MESSAGE_BYTES = 32 << 20;

  /** Takes complete messages. */
  interface Receiver {
    void message(int type, byte[] payload);
  }

  private final Receiver receiver;
  private ByteBuf partial = Unpooled.EMPTY_BUFFER;

  MessageAssembler(Receiver receiver) {
    this.receiver = receiver;
  }

  /** Reads all of {@code data}; hands over the messages that are complete. */
  void feed(ByteBuf data) {
    if (!partial.isReadable()) {
      takeMessages(data);
      if (data.isReadable()) {
        partial = Unpooled.buffer(Math.max(256, data.readableBytes())).writeBytes(data);
      }
    } else {
      partial.writeBytes(data);
      takeMessages(partial);
      partial.discardSomeReadBytes();
    }
  }

  private void takeMessages(ByteBuf in) {
    while (in.readableBytes() >= MessageFraming.HEADER_BYTES) {
      long header = in.getLong(in.readerIndex());
      long length = MessageFraming.length(header);
      if (length > MAX_MESSAGE_BYTES) {
        throw new IllegalArgumentException(
            "Expected a message of at most %d bytes, but %d".formatted(MAX_MESSAGE_BYTES, length));
      }
      if (in.readableBytes() - MessageFraming.HEADER_BYTES < length) {
        return;
      }
      in.skipBytes(MessageFraming.HEADER_BYTES);
      byte[] payload = new byte[(int) length];
      in.readBytes(payload);
      receiver.message(MessageFraming.type(header), payload);
    }
  }
}
