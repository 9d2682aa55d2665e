package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.Outcome;

/**
 * Ended invocations that are still kept.
 *
 * <pre>version (1) | id | target | creation | outcome | journal entries | completed at | pin
 * </pre>
 */
public final class CompletedCodec implements Codec<Completed> {
  public static final CompletedCodec INSTANCE = new CompletedCodec();

  private static final int VERSION = 2;

  private CompletedCodec() {}

  @Override
  public void write(Completed value, ByteWriter out) {
    out.uint8(VERSION);
    Parts.id(value.id(), out);
    Parts.target(value.target(), out);
    InvocationCodec.creation(value.creation(), value.target().scoped(), out);
    Parts.outcome(value.outcome(), out);
    out.varint(value.journalEntries()).varint(value.completedAtMillis());
    Parts.pin(value.pin(), out);
  }

  @Override
  public Completed read(ByteReader in) {
    int version = in.uint8();
    if (version != VERSION) {
      throw Parts.unknown("a completed invocation of version 2", version);
    }
    InvocationId id = Parts.id(in);
    InvocationTarget target = Parts.target(in);
    Creation creation = InvocationCodec.creation(target.scoped(), in);
    Outcome outcome = Parts.outcome(in);
    int entries = in.varint(Integer.MAX_VALUE);
    long completedAt = in.varint();
    return new Completed(id, target, creation, outcome, entries, completedAt, Parts.pin(in));
  }
}
