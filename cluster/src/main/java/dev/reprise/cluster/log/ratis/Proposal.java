package dev.reprise.cluster.log.ratis;

import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** One frame on its way into the log of the node that proposed it. Immutable. */
final class Proposal implements Message {
  private final long term;
  private final ByteString frame;
  private final byte @Nullable [] entry;

  /**
   * A frame for one term.
   *
   * @param term the only term in which it may be appended
   * @param frame what is written
   * @param entry the entry itself if the frame holds it whole, so that this node need not read it
   *     out of the frame again
   */
  Proposal(long term, ByteString frame, byte @Nullable [] entry) {
    this.term = term;
    this.frame = frame;
    this.entry = entry;
  }

  long term() {
    return term;
  }

  byte @Nullable [] entry() {
    return entry;
  }

  @Override
  public ByteString getContent() {
    return frame;
  }

  @Override
  public int size() {
    return frame.size();
  }

  @Override
  public String toString() {
    return "Proposal[term " + term + ", " + frame.size() + " bytes]";
  }
}
