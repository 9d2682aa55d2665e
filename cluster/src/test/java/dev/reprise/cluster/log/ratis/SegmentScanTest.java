package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.ratis.SegmentScan.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many records a file had can be told although some of it is damaged, or it is not told. */
class SegmentScanTest {
  private static final int RECORDS = 5;
  private static final int HEADER = 8;
  private static final int NOT_WRITTEN_YET = 64;

  private final byte[] file = fileOf(RECORDS);

  @ParameterizedTest(name = "with space for {0} more bytes")
  @ValueSource(ints = {0, NOT_WRITTEN_YET, 1 << 20})
  void whicheverBitIsFlippedItIsFoundAndTheNumberOfRecordsIsKnown(int space) throws IOException {
    int written = file.length - NOT_WRITTEN_YET;
    byte[] intact = Arrays.copyOf(file, written + space);
    for (int bit = 0; bit < 8 * written; bit++) {
      byte[] flipped = flipped(intact, bit);

      Result result = SegmentScan.of(flipped);

      assertThat(result).as("bit " + bit).isInstanceOf(Result.Damaged.class);
      assertThat(recordsIn(flipped, (Result.Damaged) result)).as("bit " + bit).isEqualTo(RECORDS);
    }
  }

  @Test
  void aBitWhereNothingWasWrittenYetBelongsToNoRecord() {
    for (int bit = 8 * (file.length - NOT_WRITTEN_YET); bit < 8 * file.length; bit++) {
      assertThat(SegmentScan.of(flipped(file, bit)))
          .as("bit " + bit)
          .isEqualTo(new Result.Unfinished(file.length - NOT_WRITTEN_YET, RECORDS));
    }
  }

  @ParameterizedTest(name = "with space for {0} more bytes")
  @ValueSource(ints = {0, NOT_WRITTEN_YET, 1 << 20})
  void aLengthThatLeadsBehindTheEndIsNoUnfinishedRecordIfOthersFollow(int space) {
    byte[] damaged = Arrays.copyOf(file, file.length - NOT_WRITTEN_YET + space);
    damaged[HEADER] = (byte) 0x83;
    damaged[HEADER + 1] = 0x7e;

    assertThat(SegmentScan.of(damaged)).isInstanceOf(Result.Damaged.class);
  }

  @Test
  void ofALastRecordThatIsDamagedInTwoPlacesNobodyCanTellHowManyItWere() throws IOException {
    byte[] damaged = flipped(flipped(file, 8 * (file.length - 90)), 8 * (file.length - 100));

    Result result = SegmentScan.of(damaged);

    assertThat(result).isInstanceOf(Result.Damaged.class);
    assertThat(recordsIn(damaged, (Result.Damaged) result)).isGreaterThan(RECORDS);
  }

  private static int recordsIn(byte[] file, Result.Damaged damaged) throws IOException {
    return damaged.lastIntact() < 0
        ? damaged.atMost()
        : (int) SegmentScan.index(file, damaged.lastIntact()) + 1;
  }

  private static byte[] flipped(byte[] file, int bit) {
    byte[] flipped = file.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  /** As Ratis writes it: a length of two bytes, an entry, its checksum; and space for more. */
  private static byte[] fileOf(int records) {
    Random random = new Random(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (int index = 0; index < records; index++) {
      byte[] data = new byte[200];
      random.nextBytes(data);
      out.writeBytes(record(entry(index, data)));
    }
    return Arrays.copyOf(out.toByteArray(), out.size() + NOT_WRITTEN_YET);
  }

  private static byte[] entry(int index, byte[] data) {
    return LogEntryProto.newBuilder()
        .setTerm(3)
        .setIndex(index)
        .setStateMachineLogEntry(
            StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(data)))
        .build()
        .toByteArray();
  }

  private static byte[] record(byte[] entry) {
    int prefix = CodedOutputStream.computeUInt32SizeNoTag(entry.length);
    ByteBuffer record = ByteBuffer.allocate(prefix + entry.length + Integer.BYTES);
    for (int left = entry.length; left != 0; left >>>= 7) {
      record.put((byte) (left > 0x7f ? (left & 0x7f) | 0x80 : left));
    }
    record.put(entry);
    CRC32C checksum = new CRC32C();
    checksum.update(record.array(), 0, record.position());
    return record.putInt((int) checksum.getValue()).array();
  }
}
