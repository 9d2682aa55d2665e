package dev.reprise.cluster.metadata;

import dev.reprise.cluster.metadata.MetadataCommand.DeleteRules;
import dev.reprise.cluster.metadata.MetadataCommand.Expectation;
import dev.reprise.cluster.metadata.MetadataCommand.PutRules;
import dev.reprise.cluster.metadata.MetadataCommand.RuleDraft;
import dev.reprise.cluster.metadata.MetadataCommand.RuleRemoval;
import dev.reprise.cluster.metadata.RuleBook.Rule;
import dev.reprise.storage.codec.LimitCodec;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.LimitRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of rules for limits, in commands and in rows. Tags are given once. */
final class RuleCodec {
  private static final int ANYTHING = 0;
  private static final int ABSENT = 1;
  private static final int VERSION = 2;

  private RuleCodec() {}

  static void rule(Rule rule, ByteWriter out) {
    limit(rule.limit(), out);
    description(rule.description(), out);
    out.bool(rule.disabled()).varint(rule.version()).varint(rule.modifiedAtMillis());
  }

  static Rule rule(ByteReader in) {
    return new Rule(limit(in), description(in), in.bool(), in.varint(), in.varint());
  }

  static void put(PutRules put, ByteWriter out) {
    out.varint(put.nowMillis()).varint(put.drafts().size());
    for (RuleDraft draft : put.drafts()) {
      limit(draft.limit(), out);
      description(draft.description(), out);
      out.bool(draft.disabled());
      expectation(draft.expectation(), out);
    }
  }

  static PutRules put(ByteReader in) {
    long now = in.varint();
    List<RuleDraft> drafts = new ArrayList<>();
    for (int left = in.varint(in.remaining()); left > 0; left--) {
      drafts.add(new RuleDraft(limit(in), description(in), in.bool(), expectation(in)));
    }
    return new PutRules(drafts, now);
  }

  static void delete(DeleteRules delete, ByteWriter out) {
    out.varint(delete.removals().size());
    for (RuleRemoval removal : delete.removals()) {
      LimitCodec.pattern(removal.pattern(), out);
      expectation(removal.expectation(), out);
    }
  }

  static DeleteRules delete(ByteReader in) {
    List<RuleRemoval> removals = new ArrayList<>();
    for (int left = in.varint(in.remaining()); left > 0; left--) {
      removals.add(new RuleRemoval(LimitCodec.pattern(in), expectation(in)));
    }
    return new DeleteRules(removals);
  }

  private static void limit(LimitRule limit, ByteWriter out) {
    LimitCodec.pattern(limit.pattern(), out);
    out.varint(limit.concurrency());
  }

  private static LimitRule limit(ByteReader in) {
    return new LimitRule(LimitCodec.pattern(in), in.varint());
  }

  private static void description(@Nullable String description, ByteWriter out) {
    out.bool(description != null);
    if (description != null) {
      out.string(description);
    }
  }

  private static @Nullable String description(ByteReader in) {
    return in.bool() ? in.string() : null;
  }

  private static void expectation(Expectation expectation, ByteWriter out) {
    switch (expectation) {
      case Expectation.Anything anything -> out.uint8(ANYTHING);
      case Expectation.Absent absent -> out.uint8(ABSENT);
      case Expectation.Version version -> out.uint8(VERSION).varint(version.version());
    }
  }

  private static Expectation expectation(ByteReader in) {
    int tag = in.uint8();
    return switch (tag) {
      case ANYTHING -> new Expectation.Anything();
      case ABSENT -> new Expectation.Absent();
      case VERSION -> new Expectation.Version(in.varint());
      default -> throw new StorageException("Expected a known expectation, but got tag " + tag);
    };
  }
}
