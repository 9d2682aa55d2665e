package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.MessageFraming;
import dev.reprise.sdk.Serde;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.core.ErrorCode;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Values as bytes: nothing for nothing, bytes as they are, the rest by the {@link Serde}. */
public record Codec(Serde serde) {
  private static final String BYTES = "application/octet-stream";

  static boolean isVoid(Type type) {
    return type == void.class || type == Void.class;
  }

  static boolean isBytes(Type type) {
    return type == byte[].class;
  }

  public String contentType(Type type) {
    return isBytes(type) ? BYTES : serde.contentType();
  }

  /**
   * The bytes of a value.
   *
   * @throws TerminalException when they are more than a server takes: asking again would not help
   */
  public ByteString encode(@Nullable Object value) {
    // Nobody else keeps the array that a serde returns; a user's array may change later.
    ByteString encoded =
        value instanceof byte[] bytes
            ? ByteString.copyFrom(bytes)
            : UnsafeByteOperations.unsafeWrap(serde.serialize(value));
    if (encoded.size() > MessageFraming.VALUE_LIMIT) {
      throw new TerminalException(
          ErrorCode.TOO_LARGE,
          "Expected a value of at most %d bytes, but it has %d"
              .formatted(MessageFraming.VALUE_LIMIT, encoded.size()));
    }
    return encoded;
  }

  /** No input is no bytes, not a null in some format. */
  public ByteString encodeInput(@Nullable Object input) {
    return input == null ? ByteString.EMPTY : encode(input);
  }

  /** Null for no bytes. */
  @Nullable Object decode(ByteString bytes, Type type) {
    if (isBytes(type)) {
      return bytes.toByteArray();
    }
    return bytes.isEmpty() || isVoid(type) ? null : serde.deserialize(bytes.toByteArray(), type);
  }

  /** As {@link #decode}; the caller's type parameter decides whether null may be. */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
  public <T> T decodeAs(ByteString bytes, Type type) {
    return (T) decode(bytes, type);
  }
}
