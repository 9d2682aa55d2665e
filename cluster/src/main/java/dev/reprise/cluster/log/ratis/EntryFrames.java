package dev.reprise.cluster.log.ratis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * How an entry stands in Raft entries: whole, or cut into fragments that follow each other.
 *
 * <pre>
 * whole     01 | the entry
 * fragment  02 | last? 00 or 01 | series, 8 bytes | index from 0, 4 bytes | its part of the entry
 * </pre>
 *
 * A series is unique within its term: a term has one leader, and that one counts.
 */
final class EntryFrames {
  /** The largest payload of one Raft entry; Ratis's own limit is two mebibytes. */
  static final int LARGEST_PART = 1 << 20;

  /** The largest entry that is put together in memory. */
  static final int LARGEST_ENTRY = 64 << 20;

  static final byte WHOLE = 1;
  static final byte FRAGMENT = 2;
  static final int FRAGMENT_HEADER = 1 + 1 + Long.BYTES + Integer.BYTES;

  private static final ByteString WHOLE_HEADER = ByteString.copyFrom(new byte[] {WHOLE});

  private EntryFrames() {}

  /** The frames of an entry, in order. They share its bytes. */
  static List<ByteString> of(byte[] entry, long series) {
    if (entry.length <= LARGEST_PART) {
      return List.of(WHOLE_HEADER.concat(UnsafeByteOperations.unsafeWrap(entry)));
    }
    List<ByteString> frames = new ArrayList<>(entry.length / LARGEST_PART + 1);
    for (int from = 0; from < entry.length; from += LARGEST_PART) {
      int length = Math.min(LARGEST_PART, entry.length - from);
      boolean last = from + length == entry.length;
      ByteString part = UnsafeByteOperations.unsafeWrap(entry, from, length);
      frames.add(fragmentHeader(last, series, frames.size()).concat(part));
    }
    return frames;
  }

  private static ByteString fragmentHeader(boolean last, long series, int index) {
    ByteBuffer header = ByteBuffer.allocate(FRAGMENT_HEADER);
    header.put(FRAGMENT).put((byte) (last ? 1 : 0)).putLong(series).putInt(index);
    return UnsafeByteOperations.unsafeWrap(header.array());
  }
}
