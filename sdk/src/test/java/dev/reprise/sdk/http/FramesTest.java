package dev.reprise.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.sdk.core.ProtocolMessage;
import dev.reprise.sdk.core.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
  private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  private record Frame(int type, ByteString payload) {}

  /** Repeat with {@code -Dreprise.seed=}. */
  @Test
  void framesAreTheSameHoweverTheStreamIsCut() {
    long seed = Long.getLong("reprise.seed", System.nanoTime());
    var random = new Random(seed);
    var messages = new ArrayList<ProtocolMessage>();
    for (int i = 0; i < 200; i++) {
      messages.add(Wire.input("x".repeat(random.nextInt(300))));
      messages.add(Wire.end());
    }
    ByteBuf stream = Frames.encode(messages, ALLOCATOR);

    var frames = new Frames();
    var found = new ArrayList<Frame>();
    while (stream.isReadable()) {
      int size = Math.min(1 + random.nextInt(700), stream.readableBytes());
      String error =
          frames.feed(
              stream.readRetainedSlice(size),
              ALLOCATOR,
              (type, payload) -> found.add(new Frame(type, payload)));
      assertThat(error).isNull();
    }

    List<Frame> expected =
        messages.stream().map(it -> new Frame(it.type(), it.body().toByteString())).toList();
    assertThat(found).as("-Dreprise.seed=%d", seed).isEqualTo(expected);
    assertThat(frames.isIncomplete()).isFalse();
    stream.release();
    assertThat(stream.refCnt()).as("all pieces released").isZero();
  }

  @Test
  void aFrameLongerThanTheBoundIsRefusedByItsHeader() {
    ByteBuf header = Unpooled.buffer().writeLong(0x0000_0000_FFFF_FFFFL);
    String error = new Frames().feed(header, ALLOCATOR, (type, payload) -> {});
    assertThat(error).contains("at most " + Frames.MAX_PAYLOAD + " bytes", "4294967295");
    assertThat(header.refCnt()).isZero();
  }
}
