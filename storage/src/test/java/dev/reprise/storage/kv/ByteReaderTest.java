package dev.reprise.storage.kv;

import static dev.reprise.storage.kv.Rows.bytes;
import static dev.reprise.storage.kv.Rows.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ByteReaderTest {
  private static final List<Consumer<ByteReader>> READS =
      List.of(
          ByteReader::uint8,
          ByteReader::uint16,
          ByteReader::uint32,
          ByteReader::uint64,
          ByteReader::varint,
          it -> it.varint(1_000),
          ByteReader::bool,
          ByteReader::bytes,
          ByteReader::string,
          it -> it.raw(3),
          it -> it.skip(2),
          it -> it.slice(5).bytes(),
          it -> it.raw((int) it.varint()),
          it -> it.slice((int) it.uint32()),
          ByteReader::expectEnd);

  /** Format lock: the values on disk and in the log. */
  @Example
  void aValueIsItsPartsOneAfterTheOther() {
    var writer =
        new ByteWriter()
            .uint8(255)
            .uint16(0x0102)
            .uint32(0xFFFFFFFEL)
            .uint64(-2)
            .varint(0)
            .varint(300)
            .varint(-1)
            .bool(true)
            .bytes(bytes("ab"))
            .string("é")
            .raw(bytes("_end_"), 1, 3);
    assertThat(hex(writer.toBytes()))
        .isEqualTo(
            "ff0102fffffffefffffffffffffffe"
                + "00"
                + "ac02"
                + "ffffffffffffffffff01"
                + "01"
                + "026162"
                + "02c3a9"
                + "656e64");
    var reader = new ByteReader(writer.array(), 0, writer.size());
    assertThat(reader.uint8()).isEqualTo(255);
    assertThat(reader.uint16()).isEqualTo(0x0102);
    assertThat(reader.uint32()).isEqualTo(0xFFFFFFFEL);
    assertThat(reader.uint64()).isEqualTo(-2);
    assertThat(reader.varint()).isZero();
    assertThat(reader.varint(300)).isEqualTo(300);
    assertThat(reader.varint()).isEqualTo(-1);
    assertThat(reader.bool()).isTrue();
    assertThat(reader.bytes()).isEqualTo(bytes("ab"));
    assertThat(reader.string()).isEqualTo("é");
    assertThat(reader.slice(3).raw(3)).isEqualTo(bytes("end"));
    assertThat(reader.hasMore()).isFalse();
    reader.expectEnd();
  }

  @Property
  void everyVarintComesBackInAtMostTenBytes(@ForAll long value) {
    byte[] encoded = new ByteWriter().varint(value).toBytes();
    assertThat(encoded).hasSizeBetween(1, 10);
    assertThat(new ByteReader(encoded).varint()).isEqualTo(value);
  }

  @Property(tries = 2_000)
  void garbageIsRefusedWithAStorageExceptionAndNothingElse(
      @ForAll("garbage") byte[] garbage, @ForAll("reads") List<Integer> reads) {
    var reader = new ByteReader(garbage);
    try {
      for (int read : reads) {
        READS.get(read).accept(reader);
      }
    } catch (StorageException e) {
      assertThat(e).hasMessageStartingWith("Expected ").hasMessageContaining(", but ");
    }
    assertThat(reader.remaining()).isBetween(0, garbage.length);
  }

  @Property
  void whatIsReadAsAVarintHasNoOtherEncoding(@ForAll("garbage") byte[] garbage) {
    var reader = new ByteReader(garbage);
    try {
      long value = reader.varint();
      byte[] read = java.util.Arrays.copyOf(garbage, garbage.length - reader.remaining());
      assertThat(new ByteWriter().varint(value).toBytes()).isEqualTo(read);
    } catch (StorageException e) {
      assertThat(e.reason()).isEqualTo(StorageException.Reason.MALFORMED);
    }
  }

  @Example
  void aLengthThatPromisesMuchAllocatesLittle() {
    byte[] boast = new ByteWriter().varint(Integer.MAX_VALUE - 8L).uint64(0).toBytes();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertMalformed(boast, ByteReader::bytes);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (Consumer<ByteReader> read :
        List.<Consumer<ByteReader>>of(ByteReader::bytes, ByteReader::string)) {
      assertMalformed(boast, read);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
  }

  @Example
  void aReaderOfASliceStaysWithinIt() {
    var whole = new ByteReader(bytes("abcdef"), 1, 4);
    ByteReader slice = whole.slice(2);
    assertThat(slice.raw(2)).isEqualTo(bytes("bc"));
    assertThatExceptionOfType(StorageException.class).isThrownBy(slice::uint8);
    assertThat(whole.raw(2)).isEqualTo(bytes("de"));
    assertThatExceptionOfType(StorageException.class).isThrownBy(whole::uint8);
  }

  @Example
  void otherSpellingsOfAValueAreMalformed() {
    assertMalformed(new byte[] {(byte) 0x80, 0}, ByteReader::varint);
    assertMalformed(new byte[] {2}, ByteReader::bool);
    assertMalformed(new byte[] {1, (byte) 0xC3}, ByteReader::string);
    assertMalformed(new byte[] {3, 0}, it -> it.varint(2));
    assertMalformed(new byte[] {1, 2}, it -> it.raw(-1));
    assertThat(new ByteReader(new ByteWriter().string("\uFFFD").toBytes()).string())
        .isEqualTo("\uFFFD");
  }

  @Provide
  Arbitrary<byte[]> garbage() {
    Arbitrary<Byte> oftenContinued = Arbitraries.of((byte) 0x80, (byte) 0xFF, (byte) 1, (byte) 0);
    return Combinators.combine(
            Arbitraries.bytes().list().ofMaxSize(12), oftenContinued.list().ofMaxSize(12))
        .as(
            (any, odd) -> {
              byte[] bytes = new byte[any.size() + odd.size()];
              for (int i = 0; i < bytes.length; i++) {
                bytes[i] = i < odd.size() ? odd.get(i) : any.get(i - odd.size());
              }
              return bytes;
            });
  }

  @Provide
  Arbitrary<List<Integer>> reads() {
    return Arbitraries.integers().between(0, READS.size() - 1).list().ofMinSize(1).ofMaxSize(10);
  }

  private static void assertMalformed(byte[] bytes, Consumer<ByteReader> read) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> read.accept(new ByteReader(bytes)))
        .satisfies(it -> assertThat(it.reason()).isEqualTo(StorageException.Reason.MALFORMED));
  }
}
