package dev.reprise.storage.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Awaiting.Combinator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How deep a tree may be. */
@Timeout(60)
class AwaitingCodecTest {
  private static Awaiting ofDepth(int depth) {
    Awaiting tree = Awaiting.any(List.of(1), List.of(), List.of());
    for (int i = 1; i < depth; i++) {
      tree = new Awaiting(Combinator.ALL_COMPLETED, List.of(), List.of(), List.of(), List.of(tree));
    }
    return tree;
  }

  @Test
  void aTreeAsDeepAsIsAllowedComesBack() {
    Awaiting tree = ofDepth(Awaiting.DEPTH_LIMIT);
    ByteWriter out = new ByteWriter();

    AwaitingCodec.INSTANCE.write(tree, out);

    Awaiting read = AwaitingCodec.INSTANCE.read(new ByteReader(out.toBytes()));
    assertThat(read).isEqualTo(tree).hasSameHashCodeAs(tree).hasToString(tree.toString());
  }

  @Test
  void aDeeperTreeIsNotWritten() {
    Awaiting tree = ofDepth(Awaiting.DEPTH_LIMIT + 1);

    assertThatThrownBy(() -> AwaitingCodec.INSTANCE.write(tree, new ByteWriter()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 1000 levels");
  }

  @Test
  void aDeeperTreeIsNotReadEither() {
    ByteWriter out = new ByteWriter();
    for (int i = 0; i < 100_000; i++) {
      out.uint8(Combinator.ALL_COMPLETED.code()).varint(0).varint(0).varint(0).varint(1);
    }

    assertThatThrownBy(() -> AwaitingCodec.INSTANCE.read(new ByteReader(out.toBytes())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 1000 levels");
  }
}
