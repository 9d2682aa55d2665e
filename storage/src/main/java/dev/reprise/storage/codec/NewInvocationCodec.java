package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.Waiter;

/**
 *
 *
 * <pre>
 * id | target | request (2×8) | idempotency key | start | retention | seed (8) | waiter?
 *    | limit key, where the target has a scope | input
 * </pre>
 */
public final class NewInvocationCodec implements Codec<NewInvocation> {
  public static final NewInvocationCodec INSTANCE = new NewInvocationCodec();

  private NewInvocationCodec() {}

  @Override
  public void write(NewInvocation value, ByteWriter out) {
    Parts.id(value.id(), out);
    Parts.target(value.target(), out);
    out.uint64(value.requestHigh()).uint64(value.requestLow()).string(value.idempotencyKey());
    out.varint(value.startAtMillis());
    Parts.retention(value.retention(), out);
    out.uint64(value.randomSeed());
    Waiter waiter = value.waiter();
    out.bool(waiter != null);
    if (waiter != null) {
      Parts.waiter(waiter, out);
    }
    if (value.target().scoped()) {
      out.string(value.limitKey());
    }
    Parts.bytes(value.input(), out);
  }

  @Override
  public NewInvocation read(ByteReader in) {
    InvocationId id = Parts.id(in);
    InvocationTarget target = Parts.target(in);
    long requestHigh = in.uint64();
    long requestLow = in.uint64();
    String idempotencyKey = in.string();
    long start = in.varint();
    Retention retention = Parts.retention(in);
    long seed = in.uint64();
    Waiter waiter = in.bool() ? Parts.waiter(in) : null;
    String limitKey = target.scoped() ? in.string() : "";
    Bytes input = Parts.bytes(in);
    return new NewInvocation(
        id,
        target,
        requestHigh,
        requestLow,
        idempotencyKey,
        input,
        start,
        retention,
        seed,
        waiter,
        limitKey);
  }
}
