package dev.reprise.storage.kv;

import static dev.reprise.storage.kv.Rows.bytes;
import static dev.reprise.storage.kv.Rows.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class KeyOrderTest {
  /** Format lock: the keys on disk. */
  @Example
  void aKeyIsItsPartsOneAfterTheOther() {
    var key =
        new KeyWriter()
            .uint8(0x80)
            .uint16(0x0102)
            .uint32(0xFFFFFFFEL)
            .uint64(-2)
            .bytes16(new byte[16])
            .string("a\0é")
            .raw(bytes("end"));
    assertThat(hex(key.toBytes()))
        .isEqualTo(
            "80"
                + "0102"
                + "fffffffe"
                + "fffffffffffffffe"
                + "00".repeat(16)
                + "6100ffc3a90001"
                + "656e64");
    var reader = new KeyReader(key.toBytes());
    assertThat(reader.uint8()).isEqualTo(0x80);
    assertThat(reader.uint16()).isEqualTo(0x0102);
    assertThat(reader.uint32()).isEqualTo(0xFFFFFFFEL);
    assertThat(reader.uint64()).isEqualTo(-2);
    assertThat(reader.bytes16()).isEqualTo(new byte[16]);
    assertThat(reader.string()).isEqualTo("a\0é");
    assertThat(reader.hasMore()).isTrue();
    assertThat(reader.rest()).isEqualTo(bytes("end"));
    reader.expectEnd();
  }

  @Property
  void numbersSortAsUnsignedNumbers(@ForAll long a, @ForAll long b) {
    assertSameSign(
        Long.compareUnsigned(a, b), compare(new KeyWriter().uint64(a), new KeyWriter().uint64(b)));
  }

  @Property
  void smallNumbersSortAsNumbers(
      @ForAll @LongRange(max = 0xFFFFFFFFL) long a, @ForAll @LongRange(max = 0xFFFFFFFFL) long b) {
    assertSameSign(
        Long.compare(a, b), compare(new KeyWriter().uint32(a), new KeyWriter().uint32(b)));
  }

  @Property
  void stringsSortByTheirBytesWhateverFollowsThem(
      @ForAll("oddBytes") byte[] a,
      @ForAll("oddBytes") byte[] b,
      @ForAll @IntRange(max = 255) int afterA,
      @ForAll @IntRange(max = 255) int afterB) {
    int order = Arrays.compareUnsigned(a, b);
    int expected = order != 0 ? order : Integer.compare(afterA, afterB);
    assertSameSign(
        expected,
        compare(new KeyWriter().string(a).uint8(afterA), new KeyWriter().string(b).uint8(afterB)));
  }

  @Property
  void noStringIsThePrefixOfAnother(@ForAll("oddBytes") byte[] a, @ForAll("oddBytes") byte[] b) {
    byte[] keyA = new KeyWriter().string(a).toBytes();
    byte[] keyB = new KeyWriter().string(b).toBytes();
    boolean prefix =
        keyA.length <= keyB.length && Arrays.equals(keyA, Arrays.copyOf(keyB, keyA.length));
    assertThat(prefix).isEqualTo(Arrays.equals(a, b));
  }

  @Property
  void stringsOfAllUnicodeComeBackAndSortByCodePoint(
      @ForAll("unicode") String a, @ForAll("unicode") String b) {
    assertThat(new KeyReader(new KeyWriter().string(a).toBytes()).string()).isEqualTo(a);
    assertSameSign(
        Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()),
        compare(new KeyWriter().string(a), new KeyWriter().string(b)));
  }

  @Example
  void longAndEmptyStringsComeBack() {
    String longString = "\0é".repeat(100_000);
    byte[] key = new KeyWriter().string(longString).string("").uint8(7).toBytes();
    var reader = new KeyReader(key);
    assertThat(reader.string()).isEqualTo(longString);
    assertThat(reader.string()).isEmpty();
    assertThat(reader.uint8()).isEqualTo(7);
    reader.expectEnd();
  }

  @Property
  void theSuccessorOfAPrefixIsAboveAllItsKeysAndAboveNothingElse(
      @ForAll("oddBytes") byte[] prefix, @ForAll("oddBytes") byte[] other) {
    byte[] successor = KeyWriter.successorOfPrefix(prefix);
    boolean begins =
        other.length >= prefix.length && Arrays.equals(prefix, Arrays.copyOf(other, prefix.length));
    boolean inRange =
        Arrays.compareUnsigned(other, prefix) >= 0
            && (successor.length == 0 || Arrays.compareUnsigned(other, successor) < 0);
    assertThat(inRange).isEqualTo(begins);
  }

  @Example
  void nothingFollowsThePrefixOfTheHighestBytes() {
    assertThat(KeyWriter.successorOfPrefix(new byte[] {(byte) 0xFF, (byte) 0xFF})).isEmpty();
    assertThat(KeyWriter.successorOfPrefix(new byte[] {1, (byte) 0xFF})).isEqualTo(new byte[] {2});
  }

  @Property
  void anyBytesReadAsAStringGiveAStringOrAStorageException(@ForAll byte[] garbage) {
    try {
      byte[] string = new KeyReader(garbage).stringBytes();
      byte[] again = new KeyWriter().string(string).toBytes();
      assertThat(Arrays.copyOf(garbage, again.length)).isEqualTo(again);
    } catch (StorageException e) {
      assertThat(e).hasMessageStartingWith("Expected ");
    }
  }

  @Example
  void whatWouldNotComeBackIsRefused() {
    var writer = new KeyWriter();
    assertThatIllegalArgumentException().isThrownBy(() -> writer.string("lone \uD800"));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.string("\uDC00\uD800"));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.uint8(256));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.uint16(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.uint32(1L << 32));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.bytes16(new byte[15]));
    assertThat(writer.size()).isZero();
  }

  @Example
  void aKeyThatEndsTooEarlyOrTooLateIsMalformed() {
    assertMalformed(new byte[0], KeyReader::uint8);
    assertMalformed(new byte[7], KeyReader::uint64);
    assertMalformed(new byte[15], KeyReader::bytes16);
    assertMalformed(bytes("ab"), KeyReader::string);
    assertMalformed(bytes("ab\0"), KeyReader::string);
    assertMalformed(bytes("ab\0\2"), KeyReader::string);
    assertMalformed(bytes("\u00c3\0\1"), KeyReader::string);
    assertMalformed(new byte[1], KeyReader::expectEnd);
  }

  @Provide
  Arbitrary<byte[]> oddBytes() {
    return Arbitraries.of((byte) 0, (byte) 1, (byte) 2, (byte) 0xFE, (byte) 0xFF)
        .array(byte[].class)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<String> unicode() {
    return Arbitraries.integers()
        .between(0, Character.MAX_CODE_POINT)
        .filter(it -> it < Character.MIN_SURROGATE || it > Character.MAX_SURROGATE)
        .array(int[].class)
        .ofMaxSize(4)
        .map(it -> new String(it, 0, it.length));
  }

  private static void assertMalformed(byte[] key, java.util.function.Consumer<KeyReader> read) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> read.accept(new KeyReader(key)))
        .withMessageStartingWith("Expected ");
  }

  private static int compare(KeyWriter a, KeyWriter b) {
    return Arrays.compareUnsigned(a.toBytes(), b.toBytes());
  }

  private static void assertSameSign(int expected, int actual) {
    assertThat(Integer.signum(actual)).isEqualTo(Integer.signum(expected));
  }
}
