package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

/** Entries are cut into fragments and put together again, or not at all. */
class EntryAssemblerTest {
  private final EntryAssembler assembler = new EntryAssembler();

  @Test
  void aSmallEntryTravelsWhole() {
    byte[] entry = random(1000);

    List<ByteString> frames = EntryFrames.of(entry, 1);

    assertThat(frames).hasSize(1);
    assertThat(assembler.accept(1, frames.getFirst())).isEqualTo(entry);
  }

  @Test
  void anEmptyEntryTravelsToo() {
    assertThat(assembler.accept(1, EntryFrames.of(new byte[0], 1).getFirst())).isEmpty();
  }

  @Test
  void aLargeEntryIsThereWithItsLastFragment() {
    byte[] entry = random(3 * EntryFrames.LARGEST_PART + 1);

    List<ByteString> frames = EntryFrames.of(entry, 1);

    assertThat(frames).hasSize(4);
    for (ByteString frame : frames.subList(0, 3)) {
      assertThat(assembler.accept(1, frame)).isNull();
      assertThat(assembler.isOpenIn(1)).isTrue();
    }
    assertThat(assembler.accept(1, frames.getLast())).isEqualTo(entry);
    assertThat(assembler.isOpenIn(1)).isFalse();
  }

  @Test
  void whatADeadTermLeftIsDroppedByTheNextSeries() {
    byte[] dead = random(2 * EntryFrames.LARGEST_PART);
    byte[] next = random(2 * EntryFrames.LARGEST_PART);
    assembler.accept(1, EntryFrames.of(dead, 1).getFirst());

    List<ByteString> frames = EntryFrames.of(next, 1);

    assertThat(assembler.accept(2, frames.getFirst())).isNull();
    assertThat(assembler.accept(2, frames.getLast())).isEqualTo(next);
  }

  @Test
  void whatADeadTermLeftIsDroppedByAWholeEntry() {
    List<ByteString> dead = EntryFrames.of(random(2 * EntryFrames.LARGEST_PART), 1);
    byte[] small = random(10);
    assembler.accept(1, dead.getFirst());

    assertThat(assembler.accept(2, EntryFrames.of(small, 1).getFirst())).isEqualTo(small);
    assertThat(assembler.accept(2, dead.getLast())).isNull();
  }

  @Test
  void aSeriesWithAGapNeverBecomesAnEntry() {
    List<ByteString> frames = EntryFrames.of(random(3 * EntryFrames.LARGEST_PART), 1);

    assertThat(assembler.accept(1, frames.get(0))).isNull();
    assertThat(assembler.accept(1, frames.get(2))).isNull();
    assertThat(assembler.accept(1, frames.get(1))).isNull();
    assertThat(assembler.accept(1, frames.get(2))).isNull();
  }

  @Test
  void aSeriesOfWhichOnlyTheEndWasCommittedIsIgnored() {
    List<ByteString> frames = EntryFrames.of(random(2 * EntryFrames.LARGEST_PART), 1);

    assertThat(assembler.accept(1, frames.getLast())).isNull();
  }

  @Test
  void anUnknownFrameStops() {
    assertThatThrownBy(() -> assembler.accept(1, ByteString.copyFrom(new byte[] {9, 1})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("kind is 9");
  }

  @Test
  void theFormOfFramesIsFixed() {
    ByteString whole = EntryFrames.of(new byte[] {5, 6}, 77).getFirst();
    List<ByteString> parts = EntryFrames.of(new byte[EntryFrames.LARGEST_PART + 1], 77);

    assertThat(whole.toByteArray()).containsExactly(1, 5, 6);
    assertThat(parts.get(1).toByteArray())
        .containsExactly(2, 1, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 1, 0);
    assertThat(parts.get(0).substring(0, 14).toByteArray())
        .containsExactly(2, 0, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 0);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
