package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.OutboxMessage;

/** A tag, then the message's fields. Tags are given once. */
public final class OutboxMessageCodec implements Codec<OutboxMessage> {
  public static final OutboxMessageCodec INSTANCE = new OutboxMessageCodec();

  private static final int CREATE = 1;
  private static final int ANSWER = 2;
  private static final int NOT_READY = 3;
  private static final int SEND = 4;
  private static final int ATTACH = 5;
  private static final int GET_OUTPUT = 6;
  private static final int KILL = 7;

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
      case OutboxMessage.NotReady notReady -> {
        out.uint8(NOT_READY);
        Parts.waiter(notReady.waiter(), out);
      }
      case OutboxMessage.Send send -> {
        out.uint8(SEND);
        Parts.id(send.target(), out);
        Parts.signal(send.signal(), out);
        Parts.request(send.request(), out);
      }
      case OutboxMessage.Attach attach -> {
        out.uint8(ATTACH);
        Parts.id(attach.target(), out);
        Parts.waiter(attach.waiter(), out);
      }
      case OutboxMessage.GetOutput get -> {
        out.uint8(GET_OUTPUT);
        Parts.id(get.target(), out);
        Parts.waiter(get.waiter(), out);
      }
      case OutboxMessage.Kill kill -> {
        out.uint8(KILL);
        Parts.id(kill.target(), out);
        Parts.request(kill.madeBy(), out);
        out.varint(kill.partitions());
      }
    }
  }

  @Override
  public OutboxMessage read(ByteReader in) {
    int tag = in.uint8();
    return switch (tag) {
      case CREATE -> new OutboxMessage.Create(NewInvocationCodec.INSTANCE.read(in));
      case ANSWER -> new OutboxMessage.Answer(Parts.waiter(in), Parts.outcome(in));
      case NOT_READY -> new OutboxMessage.NotReady(Parts.waiter(in));
      case SEND -> new OutboxMessage.Send(Parts.id(in), Parts.signal(in), Parts.request(in));
      case ATTACH -> new OutboxMessage.Attach(Parts.id(in), Parts.waiter(in));
      case GET_OUTPUT -> new OutboxMessage.GetOutput(Parts.id(in), Parts.waiter(in));
      case KILL -> new OutboxMessage.Kill(Parts.id(in), Parts.request(in), in.varint(0xFFFF));
      default -> throw Parts.unknown("an outbox message", tag);
    };
  }
}
