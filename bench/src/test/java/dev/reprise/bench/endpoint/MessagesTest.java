package dev.reprise.bench.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.StartMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hand-written codec against the generated one. */
class MessagesTest {
  @Test
  void whatIsWrittenByHandIsReadByTheGeneratedClasses() throws Exception {
    MessageWriter writer = new MessageWriter();
    byte[] parameter = "x".repeat(300).getBytes(UTF_8);
    writer
        .bytes(1, "Echo".getBytes(UTF_8))
        .bytes(3, parameter)
        .varint(10, 1)
        .varint(11, 1L << 31)
        .frame(MessageType.CALL);
    writer.value(14, parameter).frame(MessageType.OUTPUT);

    CallCommandMessage call = CallCommandMessage.parseFrom(payload(writer, MessageType.CALL));
    assertThat(call.getServiceName()).isEqualTo("Echo");
    assertThat(call.getParameter().toByteArray()).isEqualTo(parameter);
    assertThat(call.getInvocationIdNotificationIdx()).isEqualTo(1);
    assertThat(Integer.toUnsignedLong(call.getResultCompletionId())).isEqualTo(1L << 31);
    OutputCommandMessage output =
        OutputCommandMessage.parseFrom(payload(writer, MessageType.OUTPUT));
    assertThat(output.getValue().getContent().toByteArray()).isEqualTo(parameter);
  }

  @Test
  void whatTheGeneratedClassesWriteIsReadByHand() {
    StartMessage start =
        StartMessage.newBuilder()
            .setId(ByteString.copyFromUtf8("id"))
            .setKnownEntries(300)
            .addStateMap(
                StartMessage.StateEntry.newBuilder()
                    .setKey(ByteString.copyFromUtf8("count"))
                    .setValue(ByteString.copyFromUtf8("41")))
            .setRandomSeed(-1)
            .build();
    Fields fields = new Fields(start.toByteArray());
    List<String> read = new ArrayList<>();
    while (fields.next()) {
      switch (fields.number()) {
        case 1 -> read.add(new String(fields.bytes(), UTF_8));
        case 4 -> {
          Fields entry = fields.nested();
          while (entry.next()) {
            read.add(entry.number() + "=" + new String(entry.bytes(), UTF_8));
          }
        }
        default -> read.add(fields.number() + ":" + fields.varint());
      }
    }
    assertThat(read).containsExactly("id", "3:300", "1=count", "2=41", "9:-1");
  }

  @Test
  void aMessageCutShortIsRefused() {
    byte[] whole = StartMessage.newBuilder().setDebugId("inv_1").build().toByteArray();
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 1);
    assertThatThrownBy(() -> new Fields(cut).next())
        .hasMessageContaining("Expected a field of at most");
    assertThatThrownBy(() -> new Fields(new byte[] {(byte) 0x80}).next())
        .hasMessageContaining("the message ends");
  }

  @Test
  void messagesAreTheSameWhereverTheirBytesAreCut() {
    MessageWriter writer = new MessageWriter();
    writer.varint(3, 1).frame(MessageType.START);
    writer.value(14, "hello".getBytes(UTF_8)).frame(MessageType.INPUT);
    writer.frame(MessageType.END);
    byte[] bytes = new byte[writer.frames().readableBytes()];
    writer.frames().readBytes(bytes);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        List<String> received = new ArrayList<>();
        MessageAssembler assembler =
            new MessageAssembler((type, payload) -> received.add(type + ":" + payload.length));
        assembler.feed(Unpooled.wrappedBuffer(bytes, 0, first));
        assembler.feed(Unpooled.wrappedBuffer(bytes, first, second - first));
        assembler.feed(Unpooled.wrappedBuffer(bytes, second, bytes.length - second));
        assertThat(received).containsExactly("0:2", "1024:9", "3:0");
      }
    }
  }

  @Test
  void aMessageLargerThanServersAllowIsRefusedBeforeItIsCollected() {
    ByteBuf header = Unpooled.buffer().writeLong(MessageFraming.header(0, (32 << 20) + 1));
    assertThatThrownBy(() -> new MessageAssembler((type, payload) -> {}).feed(header))
        .hasMessageContaining("Expected a message of at most");
  }

  private static byte[] payload(MessageWriter writer, int type) {
    long header = writer.frames().readLong();
    assertThat(MessageFraming.type(header)).isEqualTo(type);
    byte[] payload = new byte[(int) MessageFraming.length(header)];
    writer.frames().readBytes(payload);
    return payload;
  }
}
