package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The small parts that stored values, log commands and outbox messages share.
 *
 * <p>Every part is written by one method and read by the one of the same name beside it. Longer
 * than most, for they are small and one alphabet.
 */
public final class Parts {
  private static final int SUCCESS = 0;
  private static final int FAILURE = 1;
  private static final int NOTHING = 2;
  private static final int INDEX = 0;
  private static final int NAME = 1;

  /** Beside a handler's kind: a scope follows. */
  private static final int SCOPED = 0x80;

  /** Between a scope and a service; neither can contain it. */
  private static final char BEHIND_SCOPE = '/';

  private Parts() {}

  public static void id(InvocationId id, ByteWriter out) {
    out.uint64(id.partitionKey()).uint64(id.uuidHigh()).uint64(id.uuidLow());
  }

  public static InvocationId id(ByteReader in) {
    return new InvocationId(in.uint64(), in.uint64(), in.uint64());
  }

  public static void bytes(Bytes bytes, ByteWriter out) {
    out.bytes(bytes.array(), bytes.offset(), bytes.length());
  }

  /** A window into the reader's array. */
  public static Bytes bytes(ByteReader in) {
    int length = in.varint(in.remaining());
    int offset = in.position();
    in.skip(length);
    return Bytes.of(in.array(), offset, length);
  }

  public static void target(InvocationTarget target, ByteWriter out) {
    out.uint8(target.kind().code() | (target.scoped() ? SCOPED : 0));
    out.string(target.service()).string(target.handler()).string(target.key());
    if (target.scoped()) {
      out.string(target.scope());
    }
  }

  public static InvocationTarget target(ByteReader in) {
    int tag = in.uint8();
    HandlerKind kind = HandlerKind.ofCode(tag & ~SCOPED);
    String service = in.string();
    String handler = in.string();
    String key = in.string();
    return new InvocationTarget(
        service, key, handler, kind, (tag & SCOPED) == 0 ? "" : name(in.string()));
  }

  /** A scope, or a name of a limit key; without one there must be no mark for it. */
  private static String name(String text) {
    if (!LimitLevel.isName(text)) {
      throw new IllegalArgumentException("the scope is not a name");
    }
    return text;
  }

  public static void retention(Retention retention, ByteWriter out) {
    out.varint(retention.completionMillis()).varint(retention.journalMillis());
  }

  public static Retention retention(ByteReader in) {
    return new Retention(in.varint(), in.varint());
  }

  public static void attempt(AttemptId attempt, ByteWriter out) {
    out.varint(attempt.epoch()).varint(attempt.ordinal());
  }

  public static AttemptId attempt(ByteReader in) {
    return new AttemptId(in.varint(), in.varint());
  }

  /** Protocol version 0 says that there is none. */
  public static void pin(@Nullable Pin pin, ByteWriter out) {
    out.uint8(pin == null ? 0 : pin.protocolVersion());
    if (pin != null) {
      out.string(pin.deployment());
    }
  }

  public static @Nullable Pin pin(ByteReader in) {
    int version = in.uint8();
    return version == 0 ? null : new Pin(in.string(), version);
  }

  public static void waiter(Waiter waiter, ByteWriter out) {
    out.varint(waiter.partition());
    id(waiter.id(), out);
    out.varint(waiter.incarnation()).varint(Integer.toUnsignedLong(waiter.completionId()));
  }

  public static Waiter waiter(ByteReader in) {
    int partition = in.varint(0xFFFF);
    return new Waiter(partition, id(in), in.varint(), completionId(in));
  }

  /** Completion ids are unsigned on the wire and may be as large as they like. */
  public static int completionId(ByteReader in) {
    return (int) in.uint32Varint();
  }

  public static void outcome(Outcome outcome, ByteWriter out) {
    switch (outcome) {
      case Outcome.Success success -> {
        out.uint8(SUCCESS);
        bytes(success.value(), out);
      }
      case Outcome.Failure failure -> {
        out.uint8(FAILURE);
        failure(failure, out);
      }
    }
  }

  public static Outcome outcome(ByteReader in) {
    return outcome(in.uint8(), in);
  }

  private static Outcome outcome(int tag, ByteReader in) {
    return switch (tag) {
      case SUCCESS -> new Outcome.Success(bytes(in));
      case FAILURE -> failure(in);
      default -> throw unknown("an outcome", tag);
    };
  }

  /** One that may not be there. */
  public static void maybeOutcome(@Nullable Outcome outcome, ByteWriter out) {
    if (outcome == null) {
      out.uint8(NOTHING);
    } else {
      outcome(outcome, out);
    }
  }

  public static @Nullable Outcome maybeOutcome(ByteReader in) {
    int tag = in.uint8();
    return tag == NOTHING ? null : outcome(tag, in);
  }

  public static void failure(Outcome.Failure failure, ByteWriter out) {
    out.varint(Integer.toUnsignedLong(failure.code())).string(failure.message());
    out.varint(failure.metadata().size());
    failure.metadata().forEach((key, value) -> out.string(key).string(value));
  }

  public static Outcome.Failure failure(ByteReader in) {
    int code = (int) in.uint32Varint();
    String message = in.string();
    Map<String, String> metadata = new TreeMap<>();
    for (int left = in.varint(in.remaining()); left > 0; left--) {
      metadata.put(in.string(), in.string());
    }
    return new Outcome.Failure(code, message, metadata);
  }

  public static void timer(TimerKey timer, ByteWriter out) {
    out.varint(timer.atMillis());
    id(timer.id(), out);
    out.varint(Integer.toUnsignedLong(timer.completionId()));
  }

  public static TimerKey timer(ByteReader in) {
    return new TimerKey(in.varint(), id(in), completionId(in));
  }

  public static void request(RequestId request, ByteWriter out) {
    out.uint64(request.high()).uint64(request.low());
  }

  public static RequestId request(ByteReader in) {
    return new RequestId(in.uint64(), in.uint64());
  }

  public static void signal(Signal signal, ByteWriter out) {
    switch (signal.id()) {
      case SignalId.Index it -> out.uint8(INDEX).varint(Integer.toUnsignedLong(it.index()));
      case SignalId.Name it -> out.uint8(NAME).string(it.name());
    }
    maybeOutcome(signal.outcome(), out);
  }

  public static Signal signal(ByteReader in) {
    int tag = in.uint8();
    SignalId id =
        switch (tag) {
          case INDEX -> new SignalId.Index(completionId(in));
          case NAME -> new SignalId.Name(in.string());
          default -> throw unknown("a signal", tag);
        };
    return new Signal(id, maybeOutcome(in));
  }

  public static void object(ObjectId object, ByteWriter out) {
    out.string(serviceOf(object)).string(object.key());
  }

  public static ObjectId object(ByteReader in) {
    return object(in.string(), in.string());
  }

  /** The service, behind its scope where it has one: as if each scope had services of its own. */
  public static String serviceOf(ObjectId object) {
    return object.scope().isEmpty()
        ? object.service()
        : object.scope() + BEHIND_SCOPE + object.service();
  }

  /** What {@link #serviceOf} wrote, and a key. */
  public static ObjectId object(String service, String key) {
    int at = service.indexOf(BEHIND_SCOPE);
    return at < 0
        ? new ObjectId(service, key)
        : new ObjectId(service.substring(at + 1), key, name(service.substring(0, at)));
  }

  public static void statePatch(StatePatch patch, ByteWriter out) {
    request(patch.request(), out);
    String version = patch.expectedVersion();
    out.bool(version != null);
    if (version != null) {
      out.string(version);
    }
    out.varint(patch.entries().size());
    for (StateEntry entry : patch.entries()) {
      bytes(entry.key(), out);
      bytes(entry.value(), out);
    }
  }

  public static StatePatch statePatch(ByteReader in) {
    RequestId request = request(in);
    String version = in.bool() ? in.string() : null;
    int size = in.varint(in.remaining());
    List<StateEntry> entries = new ArrayList<>(Math.min(size, 1024));
    for (int i = 0; i < size; i++) {
      entries.add(new StateEntry(bytes(in), bytes(in)));
    }
    return new StatePatch(request, version, entries);
  }

  public static <T> void list(List<T> items, Codec<T> codec, ByteWriter out) {
    out.varint(items.size());
    for (T item : items) {
      codec.write(item, out);
    }
  }

  public static <T> List<T> list(Codec<T> codec, ByteReader in) {
    int size = in.varint(in.remaining());
    List<T> items = new ArrayList<>(Math.min(size, 1024));
    for (int i = 0; i < size; i++) {
      items.add(codec.read(in));
    }
    return items;
  }

  /**
   * Reads something whole. Bytes of which no noun can be made are damaged, whichever part finds
   * out.
   */
  public static <T> T whole(String what, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          StorageException.Reason.MALFORMED, "Expected " + what + ", but " + e.getMessage(), e);
    }
  }

  /** The error for a tag that this version does not know. */
  public static StorageException unknown(String what, int tag) {
    return new StorageException("Expected the tag of " + what + ", but found " + tag);
  }
}
