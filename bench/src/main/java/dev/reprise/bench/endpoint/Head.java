package dev.reprise.bench.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A response's head as a ready HPACK block. It uses the static table and literals only, so the same
 * bytes are right on every connection at any time.
 *
 * @param block sent as it is; neither read nor released by users
 */
record Head(ByteBuf block) {
  private static final byte[] SERVER_NAME = "x-restate-server".getBytes(US_ASCII);
  private static final byte[] SERVER = "reprise-null-endpoint/1".getBytes(US_ASCII);

  /** Static table: ":status: 200" and ":status: 404", each one indexed byte. */
  private static final int STATUS_OK = 0x88;

  private static final int STATUS_NOT_FOUND = 0x8d;

  /** Static table, entry 31: literal without indexing, 4-bit prefix, so 15 and then 16. */
  private static final byte[] CONTENT_TYPE = {0x0f, 0x10};

  /** Literal without indexing, with a name of its own. */
  private static final int NEW_NAME = 0x00;

  static final Head NOT_FOUND = of(STATUS_NOT_FOUND, "application/json");

  static Head ok(String contentType) {
    return of(STATUS_OK, contentType);
  }

  private static Head of(int status, String contentType) {
    ByteBuf block = Unpooled.buffer();
    block.writeByte(status).writeBytes(CONTENT_TYPE);
    string(block, contentType.getBytes(US_ASCII));
    block.writeByte(NEW_NAME);
    string(block, SERVER_NAME);
    string(block, SERVER);
    return new Head(block);
  }

  /** Plain text; lengths below 127 are one byte. */
  private static void string(ByteBuf block, byte[] text) {
    if (text.length >= 127) {
      throw new IllegalArgumentException("Expected at most 126 bytes, but " + text.length);
    }
    block.writeByte(text.length).writeBytes(text);
  }
}
