package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.Pending;

/** Why a completion has not arrived: a tag, then what it waits for. Tags are given once. */
public final class PendingCodec implements Codec<Pending> {
  public static final PendingCodec INSTANCE = new PendingCodec();

  private static final int RUN = 1;
  private static final int SLEEP = 2;
  private static final int CALL = 3;
  private static final int ATTACH = 4;
  private static final int OUTPUT = 5;
  private static final int PROMISE = 6;

  private PendingCodec() {}

  @Override
  public void write(Pending pending, ByteWriter out) {
    switch (pending) {
      case Pending.Run run -> out.uint8(RUN);
      case Pending.Sleep sleep -> out.uint8(SLEEP).varint(sleep.atMillis());
      case Pending.Call call -> {
        out.uint8(CALL);
        Parts.id(call.callee(), out);
      }
      case Pending.Attach attach -> {
        out.uint8(ATTACH);
        Parts.id(attach.target(), out);
      }
      case Pending.Output output -> {
        out.uint8(OUTPUT);
        Parts.id(output.target(), out);
      }
      case Pending.Promise promise -> out.uint8(PROMISE).string(promise.key());
    }
  }

  @Override
  public Pending read(ByteReader in) {
    int tag = in.uint8();
    return switch (tag) {
      case RUN -> Pending.RUN;
      case SLEEP -> new Pending.Sleep(in.varint());
      case CALL -> new Pending.Call(Parts.id(in));
      case ATTACH -> new Pending.Attach(Parts.id(in));
      case OUTPUT -> new Pending.Output(Parts.id(in));
      case PROMISE -> new Pending.Promise(in.string());
      default -> throw Parts.unknown("a pending completion", tag);
    };
  }
}
