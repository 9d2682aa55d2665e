package dev.reprise.sdk.runtime;

import com.google.protobuf.ByteString;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.core.CurrentContext;
import dev.reprise.sdk.core.ErrorCode;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Calls a handler with bytes: decodes its input, encodes its output. */
record HandlerCall(ServiceDefinition service, HandlerDefinition handler, Codec codec) {
  /** Whether user code looks for its cancellation itself. */
  boolean cancelsExplicitly() {
    return isExplicit(service.options()) || isExplicit(handler.options());
  }

  private static boolean isExplicit(@Nullable Options options) {
    return options != null && options.explicitCancellation();
  }

  /** Throws whatever the handler throws. */
  ByteString execute(AttemptContext context, ByteString input) throws Throwable {
    CurrentContext.set(context);
    try {
      Object output = handler.invoke(service.instance(), context, decode(input));
      return Codec.isVoid(handler.outputType()) ? ByteString.EMPTY : codec.encode(output);
    } finally {
      CurrentContext.clear();
    }
  }

  /** What cannot be read now cannot be read later: the invocation ends. */
  private @Nullable Object decode(ByteString bytes) {
    Type type = handler.inputType();
    if (type == null) {
      return null;
    }
    if (bytes.isEmpty() && !Codec.isBytes(type)) {
      throw new TerminalException(
          ErrorCode.BAD_REQUEST, "Expected an input, but the body is empty");
    }
    try {
      return codec.decode(bytes, type);
    } catch (RuntimeException e) {
      throw new TerminalException(
          ErrorCode.BAD_REQUEST,
          "Expected an input of type %s, but %s".formatted(type.getTypeName(), e.getMessage()));
    }
  }

  @Override
  public String toString() {
    return service.name() + "/" + handler.name();
  }
}
