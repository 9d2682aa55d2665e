package dev.reprise.cluster.log.ratis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Puts committed frames together again. Confined to the apply thread.
 *
 * <p>Only one series is open at a time, as a leader proposes one entry after the other. What a
 * leader left unfinished is dropped when anything else of the log's order shows that it will never
 * be completed: another series, a whole entry, or a later term.
 */
final class EntryAssembler {
  private final List<ByteString> parts = new ArrayList<>();
  private long term;
  private long series;
  private int bytes;

  /**
   * Takes the next frame of the log.
   *
   * @return the entry that it completes, or null if more fragments are missing or this one belongs
   *     to a series whose beginning was never committed
   * @throws IllegalStateException if the frame has no known form
   */
  byte @Nullable [] accept(long frameTerm, ByteString frame) {
    if (frame.isEmpty()) {
      throw new IllegalStateException("Expected a frame with a header, but it is empty");
    }
    byte kind = frame.byteAt(0);
    return switch (kind) {
      case EntryFrames.WHOLE -> {
        drop();
        yield frame.substring(1).toByteArray();
      }
      case EntryFrames.FRAGMENT -> fragment(frameTerm, frame);
      default ->
          throw new IllegalStateException(
              "Expected a whole entry (1) or a fragment (2), but the frame's kind is " + kind);
    };
  }

  /** Whether fragments of a series of this term wait for their last. */
  boolean isOpenIn(long wantedTerm) {
    return !parts.isEmpty() && term == wantedTerm;
  }

  /** Forgets an unfinished series. */
  void drop() {
    parts.clear();
    bytes = 0;
  }

  private byte @Nullable [] fragment(long frameTerm, ByteString frame) {
    if (frame.size() <= EntryFrames.FRAGMENT_HEADER) {
      throw new IllegalStateException(
          "Expected a fragment with a header and a part, but it has " + frame.size() + " bytes");
    }
    ByteBuffer header =
        ByteBuffer.wrap(frame.substring(1, EntryFrames.FRAGMENT_HEADER).toByteArray());
    boolean last = header.get() != 0;
    long frameSeries = header.getLong();
    int index = header.getInt();
    if (index == 0 || frameTerm != term || frameSeries != series) {
      drop();
    }
    if (index != parts.size()) {
      drop();
      return null;
    }
    term = frameTerm;
    series = frameSeries;
    parts.add(frame.substring(EntryFrames.FRAGMENT_HEADER));
    bytes += frame.size() - EntryFrames.FRAGMENT_HEADER;
    if (bytes > EntryFrames.LARGEST_ENTRY) {
      throw new IllegalStateException(
          "Expected an entry of at most "
              + EntryFrames.LARGEST_ENTRY
              + " bytes, but its fragments hold "
              + bytes);
    }
    return last ? joined() : null;
  }

  private byte[] joined() {
    byte[] entry = new byte[bytes];
    int at = 0;
    for (ByteString part : parts) {
      part.copyTo(entry, at);
      at += part.size();
    }
    drop();
    return entry;
  }
}
