package dev.reprise.server.invoker.frames;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CommandAckMessage;
import dev.reprise.api.protocol.ProposeRunCompletionAckMessage;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.cluster.partition.Replay;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.StateEntry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Writes the frames that a server sends. */
public final class Frames {
  private Frames() {}

  /** How much room a journal entry takes as a frame. */
  public static int size(JournalEntry entry) {
    return MessageFraming.HEADER_BYTES + entry.payload().length();
  }

  public static void write(ByteBuf out, JournalEntry entry) {
    Bytes payload = entry.payload();
    out.writeLong(MessageFraming.header(entry.type(), payload.length()));
    out.writeBytes(payload.array(), payload.offset(), payload.length());
  }

  /** A new buffer with room for more bytes than the frame itself takes. */
  public static ByteBuf start(ByteBufAllocator allocator, StartMessage start, int more) {
    int size = start.getSerializedSize();
    ByteBuf out = allocator.ioBuffer(MessageFraming.HEADER_BYTES + size + more);
    out.writeLong(MessageFraming.header(MessageType.START, size));
    ByteBuffer room = out.nioBuffer(out.writerIndex(), size);
    try {
      CodedOutputStream coded = CodedOutputStream.newInstance(room);
      start.writeTo(coded);
      coded.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Expected a Start frame of " + size + " bytes", e);
    }
    out.writerIndex(out.writerIndex() + size);
    return out;
  }

  /**
   * The first message of an attempt.
   *
   * @param version of the protocol: what is older than a field does not get it
   * @param entries frames of replay that follow
   * @param retries failed attempts since the journal last grew
   * @param sinceMillis how long ago that was
   */
  public static StartMessage startMessage(
      Invocation invocation,
      int version,
      int entries,
      Replay.State state,
      int retries,
      long sinceMillis) {
    StartMessage.Builder start =
        StartMessage.newBuilder()
            .setId(UnsafeByteOperations.unsafeWrap(invocation.id().toBytes()))
            .setDebugId(invocation.id().toString())
            .setKnownEntries(entries)
            .setPartialState(!state.complete())
            .setKey(invocation.target().key())
            .setRetryCountSinceLastStoredEntry(retries)
            .setDurationSinceLastStoredEntry(Math.max(0, sinceMillis))
            .setRandomSeed(invocation.creation().randomSeed());
    String idempotencyKey = invocation.creation().idempotencyKey();
    if (version >= 7 && !idempotencyKey.isEmpty()) {
      start.setIdempotencyKey(idempotencyKey);
    }
    if (version >= 7 && invocation.target().scoped()) {
      start.setScope(invocation.target().scope());
      if (!invocation.creation().limitKey().isEmpty()) {
        start.setLimitKey(invocation.creation().limitKey());
      }
    }
    for (StateEntry each : state.entries()) {
      start.addStateMap(
          StartMessage.StateEntry.newBuilder()
              .setKey(aliased(each.key()))
              .setValue(aliased(each.value())));
    }
    return start.build();
  }

  public static ByteBuf commandAck(ByteBufAllocator allocator, int commandIndex) {
    byte[] payload =
        CommandAckMessage.newBuilder().setCommandIndex(commandIndex).build().toByteArray();
    ByteBuf out = allocator.ioBuffer(MessageFraming.HEADER_BYTES + payload.length);
    out.writeLong(MessageFraming.header(MessageType.COMMAND_ACK, payload.length));
    return out.writeBytes(payload);
  }

  /** Says that the result of a run step is durable; the endpoint has kept the result itself. */
  public static void runAck(ByteBuf out, int completionId) {
    byte[] payload =
        ProposeRunCompletionAckMessage.newBuilder()
            .setCompletionId(completionId)
            .build()
            .toByteArray();
    out.writeLong(MessageFraming.header(MessageType.PROPOSE_RUN_COMPLETION_ACK, payload.length));
    out.writeBytes(payload);
  }

  private static com.google.protobuf.ByteString aliased(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
  }
}
