package dev.reprise.cluster.codec;

import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.codec.AwaitingCodec;
import dev.reprise.storage.codec.Codec;
import dev.reprise.storage.codec.NewInvocationCodec;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;

/** What an attempt says, as a tag and fields. Tags are given once; 4 was a suspension on a list. */
final class StatementCodec implements Codec<Statement> {
  static final StatementCodec INSTANCE = new StatementCodec();

  private static final int JOURNALED = 1;
  private static final int CALLED = 2;
  private static final int RUN_COMPLETED = 3;
  private static final int ENDED = 5;
  private static final int FAILED = 6;
  private static final int PAUSED = 7;
  private static final int SIGNALED = 8;
  private static final int ATTACHED = 9;
  private static final int SUSPENDED = 10;
  private static final int PAUSE_HEEDED = 11;

  private StatementCodec() {}

  @Override
  public void write(Statement statement, ByteWriter out) {
    switch (statement) {
      case Statement.Journaled journaled -> {
        out.uint8(JOURNALED).uint16(journaled.type());
        Parts.bytes(journaled.payload(), out);
      }
      case Statement.Called called -> {
        out.uint8(CALLED).uint16(called.type());
        Parts.bytes(called.payload(), out);
        out.varint(Integer.toUnsignedLong(called.idCompletion())).varint(called.receiver());
        NewInvocationCodec.INSTANCE.write(called.callee(), out);
      }
      case Statement.Signaled signaled -> {
        out.uint8(SIGNALED).uint16(signaled.type());
        Parts.bytes(signaled.payload(), out);
        out.varint(signaled.receiver());
        Parts.id(signaled.target(), out);
        Parts.signal(signaled.signal(), out);
      }
      case Statement.Attached attached -> {
        out.uint8(ATTACHED).uint16(attached.type());
        Parts.bytes(attached.payload(), out);
        out.varint(attached.receiver());
        Parts.id(attached.target(), out);
        Parts.waiter(attached.waiter(), out);
      }
      case Statement.RunCompleted run -> {
        out.uint8(RUN_COMPLETED).varint(Integer.toUnsignedLong(run.completionId()));
        Parts.bytes(run.notification(), out);
      }
      case Statement.Suspended suspended -> {
        out.uint8(SUSPENDED);
        AwaitingCodec.INSTANCE.write(suspended.awaiting(), out);
      }
      case Statement.Ended ended -> out.uint8(ENDED);
      case Statement.Failed failed -> {
        out.uint8(FAILED);
        Parts.failure(failed.failure(), out);
      }
      case Statement.Paused paused -> out.uint8(PAUSED).string(paused.reason());
      case Statement.PauseHeeded heeded -> out.uint8(PAUSE_HEEDED).string(heeded.reason());
    }
  }

  @Override
  public Statement read(ByteReader in) {
    int tag = in.uint8();
    return switch (tag) {
      case JOURNALED -> new Statement.Journaled(in.uint16(), Parts.bytes(in));
      case CALLED ->
          new Statement.Called(
              in.uint16(),
              Parts.bytes(in),
              Parts.completionId(in),
              in.varint(0xFFFF),
              NewInvocationCodec.INSTANCE.read(in));
      case SIGNALED ->
          new Statement.Signaled(
              in.uint16(), Parts.bytes(in), in.varint(0xFFFF), Parts.id(in), Parts.signal(in));
      case ATTACHED ->
          new Statement.Attached(
              in.uint16(), Parts.bytes(in), in.varint(0xFFFF), Parts.id(in), Parts.waiter(in));
      case RUN_COMPLETED -> new Statement.RunCompleted(Parts.completionId(in), Parts.bytes(in));
      case SUSPENDED -> new Statement.Suspended(AwaitingCodec.INSTANCE.read(in));
      case ENDED -> new Statement.Ended();
      case FAILED -> new Statement.Failed(Parts.failure(in));
      case PAUSED -> new Statement.Paused(in.string());
      case PAUSE_HEEDED -> new Statement.PauseHeeded(in.string());
      default -> throw Parts.unknown("a statement", tag);
    };
  }
}
