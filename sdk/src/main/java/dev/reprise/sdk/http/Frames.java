package dev.reprise.sdk.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.reprise.api.MessageFraming;
import dev.reprise.sdk.core.ProtocolMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into frames. Confined to the event loop of its stream. */
final class Frames {
  /** As large as a server sends them: it may say a little more beside a value than an endpoint. */
  static final int MAX_PAYLOAD = MessageFraming.FRAME_LIMIT + 1024 * 1024;

  private @Nullable ByteBuf pending;

  /** Who takes the frames. */
  interface Sink {
    void frame(int type, ByteString payload);
  }

  /**
   * Takes over the bytes.
   *
   * @return what is wrong, or null; nothing may be fed after an error
   */
  @Nullable String feed(ByteBuf bytes, ByteBufAllocator allocator, Sink sink) {
    ByteBuf all =
        pending == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, pending, bytes);
    pending = null;
    while (all.readableBytes() >= MessageFraming.HEADER_BYTES) {
      long header = all.getLong(all.readerIndex());
      long length = MessageFraming.length(header);
      if (length > MAX_PAYLOAD) {
        all.release();
        return "Expected a frame of at most %d bytes, but it has %d".formatted(MAX_PAYLOAD, length);
      }
      if (all.readableBytes() < MessageFraming.HEADER_BYTES + length) {
        break;
      }
      all.skipBytes(MessageFraming.HEADER_BYTES);
      ByteString payload = ByteString.copyFrom(all.nioBuffer(all.readerIndex(), (int) length));
      all.skipBytes((int) length);
      sink.frame(MessageFraming.type(header), payload);
    }
    if (all.isReadable()) {
      pending = all;
    } else {
      all.release();
    }
    return null;
  }

  /** Whether the stream stops in the middle of a frame. */
  boolean isIncomplete() {
    return pending != null;
  }

  void close() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  static ByteBuf encode(List<ProtocolMessage> messages, ByteBufAllocator allocator) {
    int size = 0;
    for (ProtocolMessage message : messages) {
      size += MessageFraming.HEADER_BYTES + message.body().getSerializedSize();
    }
    ByteBuf bytes = allocator.ioBuffer(size);
    try (var stream = new ByteBufOutputStream(bytes)) {
      CodedOutputStream out = CodedOutputStream.newInstance(stream);
      for (ProtocolMessage message : messages) {
        long header =
            MessageFraming.header(message.type(), message.body().getSerializedSize())
                | (message.requestsAck() ? MessageFraming.REQUESTED_ACK : 0);
        out.writeFixed64NoTag(Long.reverseBytes(header));
        message.body().writeTo(out);
      }
      out.flush();
      return bytes;
    } catch (IOException e) {
      bytes.release();
      throw new UncheckedIOException("Expected room for %d bytes, but".formatted(size), e);
    }
  }
}
