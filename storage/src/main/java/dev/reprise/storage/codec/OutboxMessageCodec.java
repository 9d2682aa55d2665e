package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.OutboxMessage;

/** A tag, then a new invocation or an answer. Tags are given once. */
public final class OutboxMessageCodec implements Codec<OutboxMessage> {
  public static final OutboxMessageCodec INSTANCE = new OutboxMessageCodec();

  private static final int CREATE = 1;
  private static final int ANSWER = 2;

  private OutboxMessageCodec() {}

  @Override
  public void write(OutboxMessage message, ByteWriter out) {
    switch (message) {
      case OutboxMessage.Create create -> {
        out.uint8(CREATE);
        NewInvocationCodec.INSTANCE.write(create.invocation(), out);
      }
      case OutboxMessage.Answer answer -> {
        out.uint8(ANSWER);
        Parts.waiter(answer.waiter(), out);
        Parts.outcome(answer.outcome(), out);
      }
    }
  }

  @Override
  public OutboxMessage read(ByteReader in) {
    int tag = in.uint8();
    return switch (tag) {
      case CREATE -> new OutboxMessage.Create(NewInvocationCodec.INSTANCE.read(in));
      case ANSWER -> new OutboxMessage.Answer(Parts.waiter(in), Parts.outcome(in));
      default -> throw Parts.unknown("an outbox message", tag);
    };
  }
}
