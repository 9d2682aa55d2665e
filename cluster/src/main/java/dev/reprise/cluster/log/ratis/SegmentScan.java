package dev.reprise.cluster.log.ratis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads one file of Ratis's log, record by record, without understanding the records.
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

  /** How the scan ended. */
  sealed interface Result {
    /** Nothing but whole records, and zeros after them. */
    record Intact(int records) implements Result {}

    /** The last record, from this byte, was never written to its end. */
    record Unfinished(int offset, int records) implements Result {}

    /** At this byte stands something that is neither. */
    record Damaged(int offset, String what) implements Result {}
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
      return new Result.Damaged(0, "the file does not begin with RaftLog1");
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
            : new Result.Damaged(at, "the record's checksum does not fit");
      }
      at = next;
      records++;
    }
    return new Result.Intact(records);
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
   * checksum is neither: it may have been acknowledged.
   */
  private boolean isUnfinished(int at, int recordEnd) {
    if (end - at < VARINT_MAX) {
      return file[at] != 0;
    }
    if (recordEnd < 0 || end > recordEnd) {
      return false;
    }
    return recordEnd > file.length || end <= recordEnd - CHECKSUM || hasEmptySector(at, recordEnd);
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
