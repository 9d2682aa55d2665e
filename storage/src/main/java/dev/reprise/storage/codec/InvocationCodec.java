package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Progress;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.Waiter;

/**
 * Open invocations.
 *
 * <pre>version (1) | id | target | creation | status | progress | waiters</pre>
 *
 * <p>The tags of statuses are given once; 1 and 3 were of version 1.
 */
public final class InvocationCodec implements Codec<Invocation> {
  public static final InvocationCodec INSTANCE = new InvocationCodec();

  private static final int VERSION = 2;
  private static final int SCHEDULED = 0;
  private static final int INVOKED = 2;
  private static final int PAUSED = 4;
  private static final int INBOXED = 5;
  private static final int PAUSING = 6;
  private static final int SUSPENDED = 7;
  private static final int LIMITED = 8;
  private static final int LIMITED_BEGUN = 9;

  private static final Codec<Waiter> WAITER = codec(Parts::waiter, Parts::waiter);

  private InvocationCodec() {}

  @Override
  public void write(Invocation value, ByteWriter out) {
    out.uint8(VERSION);
    Parts.id(value.id(), out);
    Parts.target(value.target(), out);
    creation(value.creation(), value.target().scoped(), out);
    status(value.status(), out);
    progress(value.progress(), out);
    Parts.list(value.waiters(), WAITER, out);
  }

  @Override
  public Invocation read(ByteReader in) {
    int version = in.uint8();
    if (version != VERSION) {
      throw Parts.unknown("an invocation of version 2", version);
    }
    InvocationId id = Parts.id(in);
    InvocationTarget target = Parts.target(in);
    return new Invocation(
        id,
        target,
        creation(target.scoped(), in),
        status(in),
        progress(in),
        Parts.list(WAITER, in));
  }

  /**
   * @param scoped whether it belongs to a scope: only then can it have a limit key
   */
  static void creation(Creation creation, boolean scoped, ByteWriter out) {
    out.varint(creation.incarnation()).uint64(creation.requestHigh()).uint64(creation.requestLow());
    out.varint(creation.createdAtMillis()).string(creation.idempotencyKey());
    Parts.retention(creation.retention(), out);
    out.uint64(creation.randomSeed());
    if (scoped) {
      out.string(creation.limitKey());
    }
  }

  static Creation creation(boolean scoped, ByteReader in) {
    long incarnation = in.varint();
    long requestHigh = in.uint64();
    long requestLow = in.uint64();
    long createdAt = in.varint();
    String idempotencyKey = in.string();
    Retention retention = Parts.retention(in);
    long seed = in.uint64();
    return new Creation(
        incarnation,
        requestHigh,
        requestLow,
        createdAt,
        idempotencyKey,
        retention,
        seed,
        scoped ? in.string() : "");
  }

  private static void status(Status status, ByteWriter out) {
    switch (status) {
      case Status.Scheduled scheduled -> out.uint8(SCHEDULED).varint(scheduled.atMillis());
      case Status.Inboxed inboxed -> out.uint8(INBOXED).varint(inboxed.place());
      case Status.Invoked invoked -> out.uint8(invoked.pausing() ? PAUSING : INVOKED);
      case Status.Suspended suspended -> {
        out.uint8(SUSPENDED);
        AwaitingCodec.INSTANCE.write(suspended.awaiting(), out);
      }
      case Status.Paused paused -> out.uint8(PAUSED).string(paused.reason());
      case Status.Limited limited ->
          out.uint8(limited.begun() ? LIMITED_BEGUN : LIMITED)
              .varint(limited.place())
              .uint8(limited.depth());
    }
  }

  private static Status status(ByteReader in) {
    int tag = in.uint8();
    return switch (tag) {
      case SCHEDULED -> new Status.Scheduled(in.varint());
      case INBOXED -> new Status.Inboxed(in.varint());
      case INVOKED -> Status.INVOKED;
      case PAUSING -> Status.PAUSING;
      case SUSPENDED -> new Status.Suspended(AwaitingCodec.INSTANCE.read(in));
      case PAUSED -> new Status.Paused(in.string());
      case LIMITED -> new Status.Limited(in.varint(), in.uint8(), false);
      case LIMITED_BEGUN -> new Status.Limited(in.varint(), in.uint8(), true);
      default -> throw Parts.unknown("a status", tag);
    };
  }

  private static void progress(Progress progress, ByteWriter out) {
    out.varint(progress.entries()).varint(progress.commands()).varint(progress.output() + 1);
    out.varint(progress.pending()).varint(progress.signals()).varint(progress.woken());
    out.varint(progress.changedAtMillis());
    Parts.attempt(progress.attempt(), out);
    Parts.pin(progress.pin(), out);
  }

  private static Progress progress(ByteReader in) {
    int entries = in.varint(Integer.MAX_VALUE);
    int commands = in.varint(Integer.MAX_VALUE);
    int output = in.varint(Integer.MAX_VALUE) - 1;
    int pending = in.varint(Integer.MAX_VALUE);
    int signals = in.varint(Integer.MAX_VALUE);
    int woken = in.varint(Integer.MAX_VALUE);
    long changedAt = in.varint();
    AttemptId attempt = Parts.attempt(in);
    Pin pin = Parts.pin(in);
    return new Progress(
        entries, commands, output, pending, signals, woken, changedAt, attempt, pin);
  }

  /** A codec from two methods. */
  static <T> Codec<T> codec(
      java.util.function.BiConsumer<T, ByteWriter> writer,
      java.util.function.Function<ByteReader, T> reader) {
    return new Codec<>() {
      @Override
      public void write(T value, ByteWriter out) {
        writer.accept(value, out);
      }

      @Override
      public T read(ByteReader in) {
        return reader.apply(in);
      }
    };
  }
}
