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
      if (next < 0 || next > file.length || !checksumFits(at, next)) {
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
    int atMost = before + (Math.max(0, end - from) / SMALLEST_RECORD + 1);
    return new Result.Damaged(at, what, lastIntact(from), atMost);
  }

  /** By the lengths from here on, which lead somewhere else if one of them is what is damaged. */
  private int lastIntact(int from) {
    int last = -1;
    int at = from;
    while (at < end) {
      int next = endOfRecord(at);
      if (next < 0 || next > file.length) {
        return -1;
      }
      last = checksumFits(at, next) ? at : -1;
      at = next;
    }
    return last;
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

  private boolean checksumFits(int at, int recordEnd) {
    CRC32C checksum = new CRC32C();
    checksum.update(file, at, recordEnd - CHECKSUM - at);
    return ByteBuffer.wrap(file).getInt(recordEnd - CHECKSUM) == (int) checksum.getValue();
  }

  /**
   * A write that was cut short leaves the beginning of the last record and then zeros, or, when the
   * power failed, zeros in place of whole sectors. A last record that is all there with a wrong
   * checksum is neither: it may have been acknowledged. Nor is one that is whole but for a bit of
   * its length, which makes it look longer than what was written.
   */
  private boolean isUnfinished(int at, int recordEnd) {
    if (isWholeButForItsLength(at)) {
      return false;
    }
    if (end - at < VARINT_MAX) {
      return file[at] != 0;
    }
    if (recordEnd < 0 || end > recordEnd) {
      return false;
    }
    return recordEnd > file.length || end <= recordEnd - CHECKSUM || hasEmptySector(at, recordEnd);
  }

  private boolean isWholeButForItsLength(int at) {
    for (int bit = 0; bit < VARINT_MAX * 8 && at + bit / 8 < file.length; bit++) {
      byte mask = (byte) (1 << bit % 8);
      file[at + bit / 8] ^= mask;
      int next = endOfRecord(at);
      boolean whole = next >= end && next <= file.length && checksumFits(at, next);
      file[at + bit / 8] ^= mask;
      if (whole) {
        return true;
      }
    }
    return false;
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
