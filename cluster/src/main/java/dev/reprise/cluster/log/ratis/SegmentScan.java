package dev.reprise.cluster.log.ratis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;

/**
 * Reads one file of Ratis's log, record by record; of a record it understands no more than where it
 * stands.
 *
 * <pre>
 * file    "RaftLog1" | record... | zeros to the end of what was allocated
 * record  length n, a varint | n bytes | CRC-32C of all before it, 4 bytes, big-endian
 * </pre>
 */
final class SegmentScan {
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM = 4;
  private static final int VARINT_MAX = 5;
  private static final int SECTOR = 512;

  /** An entry begins with its term, which is never 0. */
  private static final byte TAG_OF_TERM = LogEntryProto.TERM_FIELD_NUMBER << 3;

  /** The polynomial of CRC-32C, its bits in the order of the wire. */
  private static final int CASTAGNOLI = 0x82F63B78;

  /** A length, a term, an index and a checksum. */
  private static final int SMALLEST_RECORD = 1 + 2 + 2 + CHECKSUM;

  /** How the scan ended. */
  sealed interface Result {
    /** Nothing but whole records, and zeros after them. */
    record Intact(int records) implements Result {}

    /** The last record, from this byte, was never written to its end. */
    record Unfinished(int offset, int records) implements Result {}

    /**
     * At this byte stands something that is neither.
     *
     * @param lastIntact where the last record begins, if that one can be found and is intact, or -1
     * @param atMost no more records than this were ever in the file
     */
    record Damaged(int offset, String what, int lastIntact, int atMost) implements Result {}
  }

  private final byte[] file;
  private final int end;

  private SegmentScan(byte[] file) {
    this.file = file;
    this.end = endOfWritten(file);
  }

  static Result of(byte[] file) {
    return new SegmentScan(file).scan();
  }

  /** The index, in Ratis's count, of the intact record that begins there. */
  static long index(byte[] file, int at) throws IOException {
    return entry(file, at).getIndex();
  }

  /** The term of the last record; 0 when there is none, or it is not intact. */
  static long lastTerm(byte[] file) throws IOException {
    int last = new SegmentScan(file).lastIntact(HEADER.length);
    return last < 0 ? 0 : entry(file, last).getTerm();
  }

  private static LogEntryProto entry(byte[] file, int at) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(file, at, file.length - at);
    int length = in.readRawVarint32();
    in.pushLimit(length);
    return LogEntryProto.parseFrom(in);
  }

  private static int endOfWritten(byte[] file) {
    int end = file.length;
    while (end > 0 && file[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private Result scan() {
    int written = Math.min(end, HEADER.length);
    if (!Arrays.equals(file, 0, written, HEADER, 0, written)) {
      return damaged(0, "the file does not begin with RaftLog1", 0);
    }
    if (written < HEADER.length) {
      return new Result.Unfinished(0, 0);
    }
    int at = HEADER.length;
    int records = 0;
    while (at < end) {
      int next = endOfRecord(at);
      if (!isWhole(at, next)) {
        return isUnfinished(at, next)
            ? new Result.Unfinished(at, records)
            : damaged(at, "the record's checksum does not fit", records);
      }
      at = next;
      records++;
    }
    return new Result.Intact(records);
  }

  private Result damaged(int at, String what, int before) {
    int from = Math.max(at, HEADER.length);
    int behind = isLastButForABit(from) ? 1 : Math.max(0, end - from) / SMALLEST_RECORD + 1;
    return new Result.Damaged(at, what, lastIntact(from), before + behind);
  }

  /**
   * By the lengths from here on, which lead somewhere else if more than one bit of one of them is
   * what is damaged.
   */
  private int lastIntact(int from) {
    int last = -1;
    int at = from;
    while (at < end) {
      int next = endOfRecord(at);
      boolean fits = isWhole(at, next);
      int meant = fits ? next : endButForItsLength(at);
      if (meant < 0 && (next < 0 || next > file.length)) {
        return -1;
      }
      last = fits ? at : -1;
      at = meant < 0 ? next : meant;
    }
    return last;
  }

  /** Whether a checksum tells that there is one record from here on, of which one bit is wrong. */
  private boolean isLastButForABit(int at) {
    if (endButForItsLength(at) >= end) {
      return true;
    }
    int next = endOfRecord(at);
    return next >= end && next <= file.length && isOneBitBehindItsLength(at, next);
  }

  /**
   * A wrong bit changes a checksum by what depends on its distance from the end alone, and no two
   * of them by the same.
   */
  private boolean isOneBitBehindItsLength(int at, int recordEnd) {
    int difference = checksum(at, recordEnd) ^ writtenChecksum(recordEnd);
    if (Integer.bitCount(difference) == 1) {
      return true; // It is a bit of the checksum.
    }
    int change = CASTAGNOLI; // By the last bit; each one before it is one more step away.
    for (long bits = 8L * (recordEnd - CHECKSUM - endOfLength(at)); bits > 0; bits--) {
      if (change == difference) {
        return true;
      }
      change = (change >>> 1) ^ ((change & 1) == 0 ? 0 : CASTAGNOLI);
    }
    return false;
  }

  /** Where the record's checksum ends by what its length says, or -1 if that cannot be read. */
  private int endOfRecord(int at) {
    long length = 0;
    for (int i = 0; i < VARINT_MAX && at + i < file.length; i++) {
      byte next = file[at + i];
      length |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        long recordEnd = at + i + 1 + length + CHECKSUM;
        return length == 0 || recordEnd > Integer.MAX_VALUE ? -1 : (int) recordEnd;
      }
    }
    return -1;
  }

  private int endOfLength(int at) {
    int end = at;
    while (file[end] < 0) {
      end++;
    }
    return end + 1;
  }

  /** Whether it ends within the file, and its checksum fits. */
  private boolean isWhole(int at, int recordEnd) {
    return recordEnd >= 0
        && recordEnd <= file.length
        && checksum(at, recordEnd) == writtenChecksum(recordEnd);
  }

  private int checksum(int at, int recordEnd) {
    CRC32C checksum = new CRC32C();
    checksum.update(file, at, recordEnd - CHECKSUM - at);
    return (int) checksum.getValue();
  }

  private int writtenChecksum(int recordEnd) {
    return ByteBuffer.wrap(file).getInt(recordEnd - CHECKSUM);
  }

  /**
   * A write that was cut short leaves the beginning of the last record and then zeros, or, when the
   * power failed, zeros in place of whole sectors. A last record that is all there with a wrong
   * checksum is neither: it may have been acknowledged. Nor is one whose length leads too far
   * because some of it is wrong: then it is whole but for that, or others are behind it. A single
   * bit where nothing was written yet belongs to no record that anybody was told of.
   */
  private boolean isUnfinished(int at, int recordEnd) {
    if (endButForItsLength(at) >= 0) {
      return false;
    }
    if (isZero(at, end - 1) && Integer.bitCount(file[end - 1] & 0xff) == 1) {
      return true;
    }
    if (end - at < VARINT_MAX) {
      return file[at] != 0;
    }
    if (recordEnd < 0 || end > recordEnd || isRecordBehind(at)) {
      return false;
    }
    return recordEnd > file.length || end <= recordEnd - CHECKSUM || hasEmptySector(at, recordEnd);
  }

  private boolean isRecordBehind(int at) {
    for (int from = at + 1; from < end; from++) {
      int next = endOfRecord(from);
      if (next >= 0
          && next <= file.length
          && file[endOfLength(from)] == TAG_OF_TERM
          && isWhole(from, next)) {
        return true;
      }
    }
    return false;
  }

  /** Where a record ends that is whole but for one bit of its length, or -1 if it is not that. */
  private int endButForItsLength(int at) {
    for (int bit = 0; bit < VARINT_MAX * 8 && at + bit / 8 < file.length; bit++) {
      byte mask = (byte) (1 << bit % 8);
      file[at + bit / 8] ^= mask;
      int next = endOfRecord(at);
      boolean whole = isWhole(at, next);
      file[at + bit / 8] ^= mask;
      if (whole) {
        return next;
      }
    }
    return -1;
  }

  private boolean hasEmptySector(int from, int to) {
    for (int start = from; start < to; ) {
      int stop = Math.min(to, (start / SECTOR + 1) * SECTOR);
      if (isZero(start, stop)) {
        return true;
      }
      start = stop;
    }
    return false;
  }

  private boolean isZero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (file[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
