package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.model.Waiter;

/** A durable promise: a tag, then who waits or what was decided. Tags are given once. */
public final class PromiseCodec implements Codec<Promise> {
  public static final PromiseCodec INSTANCE = new PromiseCodec();

  private static final int OPEN = 1;
  private static final int DECIDED = 2;

  private static final Codec<Waiter> WAITER = InvocationCodec.codec(Parts::waiter, Parts::waiter);

  private PromiseCodec() {}

  @Override
  public void write(Promise promise, ByteWriter out) {
    switch (promise) {
      case Promise.Open open -> {
        out.uint8(OPEN);
        Parts.list(open.waiters(), WAITER, out);
      }
      case Promise.Decided decided -> {
        out.uint8(DECIDED);
        Parts.request(decided.request(), out);
        Parts.outcome(decided.outcome(), out);
      }
    }
  }

  @Override
  public Promise read(ByteReader in) {
    int tag = in.uint8();
    return switch (tag) {
      case OPEN -> new Promise.Open(Parts.list(WAITER, in));
      case DECIDED -> {
        var request = Parts.request(in);
        Outcome outcome = Parts.outcome(in);
        yield new Promise.Decided(outcome, request);
      }
      default -> throw Parts.unknown("a promise", tag);
    };
  }
}
