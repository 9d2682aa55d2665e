package dev.reprise.cluster.metadata;

import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.StorageException;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Options as bytes: for each, in the order of the record, one byte that says whether it is there,
 * then its value. Durations are milliseconds.
 */
final class OptionsCodec {
  private OptionsCodec() {}

  static void write(ByteWriter out, ServiceOptions options) {
    duration(out, options.inactivityTimeout());
    duration(out, options.abortTimeout());
    duration(out, options.journalRetention());
    duration(out, options.idempotencyRetention());
    duration(out, options.workflowCompletionRetention());
    bool(out, options.lazyState());
    bool(out, options.ingressPrivate());
    duration(out, options.retryInitialInterval());
    duration(out, options.retryMaxInterval());
    put(out, options.retryFactor(), (w, v) -> w.uint64(Double.doubleToLongBits(v)));
    put(out, options.retryMaxAttempts(), (w, v) -> w.varint(v));
    put(out, options.retryOnMaxAttempts(), (w, v) -> w.uint8(code(v)));
  }

  static ServiceOptions read(ByteReader in) {
    return new ServiceOptions(
        duration(in),
        duration(in),
        duration(in),
        duration(in),
        duration(in),
        bool(in),
        bool(in),
        duration(in),
        duration(in),
        in.bool() ? Double.valueOf(Double.longBitsToDouble(in.uint64())) : null,
        in.bool() ? Integer.valueOf(in.varint(Integer.MAX_VALUE)) : null,
        in.bool() ? onMaxAttempts(in.uint8()) : null);
  }

  private static int code(OnMaxAttempts last) {
    return switch (last) {
      case PAUSE -> 0;
      case KILL -> 1;
    };
  }

  private static OnMaxAttempts onMaxAttempts(int code) {
    return switch (code) {
      case 0 -> OnMaxAttempts.PAUSE;
      case 1 -> OnMaxAttempts.KILL;
      default -> throw new StorageException("Expected 0 or 1 for what follows, but got " + code);
    };
  }

  private static void duration(ByteWriter out, @Nullable Duration duration) {
    put(out, duration, (w, v) -> w.varint(v.toMillis()));
  }

  private static @Nullable Duration duration(ByteReader in) {
    return in.bool() ? Duration.ofMillis(in.varint()) : null;
  }

  private static void bool(ByteWriter out, @Nullable Boolean value) {
    put(out, value, (w, v) -> w.bool(v));
  }

  private static @Nullable Boolean bool(ByteReader in) {
    return in.bool() ? Boolean.valueOf(in.bool()) : null;
  }

  private static <T> void put(ByteWriter out, @Nullable T value, BiConsumer<ByteWriter, T> writer) {
    out.bool(value != null);
    if (value != null) {
      writer.accept(out, value);
    }
  }
}
