package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.LimitRules;
import java.util.ArrayList;
import java.util.List;

/** The parts that have to do with limits. */
public final class LimitCodec {
  private LimitCodec() {}

  public static void level(LimitLevel level, ByteWriter out) {
    out.string(level.scope()).string(level.first()).string(level.second());
  }

  public static LimitLevel level(ByteReader in) {
    return new LimitLevel(in.string(), in.string(), in.string());
  }

  /** Version, then each rule's pattern and concurrency. */
  public static void rules(LimitRules rules, ByteWriter out) {
    out.varint(rules.version()).varint(rules.rules().size());
    for (LimitRule rule : rules.rules()) {
      pattern(rule.pattern(), out);
      out.varint(rule.concurrency());
    }
  }

  public static LimitRules rules(ByteReader in) {
    long version = in.varint();
    int size = in.varint(in.remaining());
    List<LimitRule> rules = new ArrayList<>(Math.min(size, 1024));
    for (int i = 0; i < size; i++) {
      rules.add(new LimitRule(pattern(in), in.varint()));
    }
    return new LimitRules(version, rules);
  }

  public static void pattern(LimitPattern pattern, ByteWriter out) {
    out.string(pattern.scope()).string(pattern.first()).string(pattern.second());
  }

  public static LimitPattern pattern(ByteReader in) {
    return new LimitPattern(in.string(), in.string(), in.string());
  }
}
