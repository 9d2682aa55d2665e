package dev.reprise.server.invoker.frames;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.MessageType;
import dev.reprise.storage.model.Bytes;
import java.io.IOException;

/** Reads the payloads of frames; what does not parse is a {@link ProtocolViolation}. Any thread. */
final class Parsing {
  private Parsing() {}

  static <T> T parse(Parser<T> parser, int type, Bytes payload) {
    CodedInputStream in = input(payload);
    try {
      T message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw malformed(type, e);
    }
  }

  /** Aliased: large values inside are windows into the frame, not copies. */
  static CodedInputStream input(Bytes payload) {
    ByteString bytes =
        UnsafeByteOperations.unsafeWrap(payload.array(), payload.offset(), payload.length());
    CodedInputStream in = bytes.newCodedInput();
    in.enableAliasing(true);
    return in;
  }

  static ProtocolViolation malformed(int type, IOException e) {
    return new ProtocolViolation(
        "Expected a well-formed " + MessageType.nameOf(type) + ", but: " + e.getMessage());
  }

  static void require(boolean holds, int type, String what) {
    if (!holds) {
      throw new ProtocolViolation(
          MessageType.nameOf(type) + ": Expected " + what + ", but there is none");
    }
  }

  /** As {@link #require}, where the code and not the frame is to blame. */
  static void precondition(boolean holds, int type, String what) {
    if (!holds) {
      throw new ProtocolViolation("RT0017", MessageType.nameOf(type) + ": Expected " + what);
    }
  }

  /** What the frame's key is: state is read and written by keys of text. */
  static void requireUtf8(ByteString key, int type) {
    require(key.isValidUtf8(), type, "a key in UTF-8");
  }
}
