package dev.reprise.server.http;

import dev.reprise.storage.model.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Responses as HTTP/1 bytes, head and a small body in one buffer. */
final class Http1Encoder {
  /** Larger bodies are not copied behind their head. */
  static final int INLINE_BODY_BYTES = 32 << 10;

  private static final byte[] VERSION_1_1 = ascii("HTTP/1.1 ");
  private static final byte[] VERSION_1_0 = ascii("HTTP/1.0 ");
  private static final byte[] CLOSE = ascii("connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
  private static final byte[] DATE = ascii("date: ");
  private static final byte[] LENGTH = ascii("content-length: ");
  private static final byte[] SEPARATOR = ascii(": ");
  private static final byte[] END_OF_LINE = ascii("\r\n");
  private static final byte[][] STATUS = new byte[1000][];

  static {
    for (int code = 100; code < 1000; code++) {
      String reason = HttpResponseStatus.valueOf(code).reasonPhrase();
      // Codes that nobody has given a meaning have no phrase; the library makes one up.
      String known = reason.endsWith("(" + code + ")") ? "" : reason;
      STATUS[code] = ascii(code + " " + known + "\r\n");
    }
  }

  private Http1Encoder() {}

  /**
   * The response's bytes. A body above {@link #INLINE_BODY_BYTES} is left out: {@link #rest}.
   *
   * @param http10 the request's version was 1.0
   * @param keepAlive whether another request may follow
   * @param bodiless the request was a HEAD
   */
  static ByteBuf encode(
      ByteBufAllocator allocator,
      Response response,
      boolean http10,
      boolean keepAlive,
      boolean bodiless) {
    Bytes body = response.writtenBody();
    boolean inline = !bodiless && body.length() <= INLINE_BODY_BYTES;
    ByteBuf out = allocator.ioBuffer(headBytes(response) + (inline ? body.length() : 0));
    out.writeBytes(http10 ? VERSION_1_0 : VERSION_1_1).writeBytes(STATUS[response.status()]);
    for (int i = 0; i < response.fields(); i++) {
      write(out, response.name(i));
      out.writeBytes(SEPARATOR);
      write(out, response.value(i));
      out.writeBytes(END_OF_LINE);
    }
    out.writeBytes(DATE);
    write(out, HttpDate.now());
    out.writeBytes(END_OF_LINE);
    if (!keepAlive) {
      out.writeBytes(CLOSE);
    } else if (http10) {
      out.writeBytes(KEEP_ALIVE);
    }
    if (response.hasLength()) {
      out.writeBytes(LENGTH);
      writeNumber(out, body.length());
      out.writeBytes(END_OF_LINE);
    }
    out.writeBytes(END_OF_LINE);
    if (inline) {
      out.writeBytes(body.array(), body.offset(), body.length());
    }
    return out;
  }

  /** The body that {@link #encode} left out, without copying it. */
  static ByteBuf rest(Response response) {
    Bytes body = response.writtenBody();
    return body.length() <= INLINE_BODY_BYTES
        ? Unpooled.EMPTY_BUFFER
        : Unpooled.wrappedBuffer(body.array(), body.offset(), body.length());
  }

  private static int headBytes(Response response) {
    int bytes = 160;
    for (int i = 0; i < response.fields(); i++) {
      bytes += response.name(i).length() + response.value(i).length() + 4;
    }
    return bytes;
  }

  private static void write(ByteBuf out, CharSequence text) {
    if (text instanceof AsciiString ours) {
      out.writeBytes(ours.array(), ours.arrayOffset(), ours.length());
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Nothing that a client or a manifest said may end a line.
      out.writeByte(c < ' ' || c > '~' ? '?' : c);
    }
  }

  private static void writeNumber(ByteBuf out, int number) {
    int divisor = 1;
    while (number / divisor >= 10) {
      divisor *= 10;
    }
    for (int rest = number; divisor > 0; divisor /= 10) {
      out.writeByte('0' + rest / divisor);
      rest %= divisor;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
