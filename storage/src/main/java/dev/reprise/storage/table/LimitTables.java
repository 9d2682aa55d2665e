package dev.reprise.storage.table;

import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRules;

/**
 * The rules that limits follow; at each level in use, how many run; and the queues of those that
 * wait. Confined to the apply thread.
 */
public final class LimitTables {
  private static final int ONLY = 0;
  private static final Queues.Shape<LimitLevel, Keys.LimitPlace> SHAPE =
      new Queues.Shape<>(
          Layouts.LIMIT_QUEUE,
          Layouts::prefixOf,
          Keys.LimitPlace::new,
          Keys.LimitPlace::level,
          Keys.LimitPlace::sequence);

  private final Rows<Integer, LimitRules> rules;
  private final Rows<LimitLevel, LimitUsage> usage;
  private final Queues<LimitLevel, Keys.LimitPlace> queues;

  LimitTables(
      Rows<Integer, LimitRules> rules,
      Rows<LimitLevel, LimitUsage> usage,
      Rows<Keys.LimitPlace, InvocationId> places,
      KeyValueStore store) {
    this.rules = rules;
    this.usage = usage;
    this.queues = new Queues<>(places, store, SHAPE);
  }

  public LimitRules rules() {
    LimitRules known = rules.find(ONLY);
    return known == null ? LimitRules.NONE : known;
  }

  public void setRules(LimitRules newer) {
    rules.put(ONLY, newer);
  }

  public LimitUsage usage(LimitLevel level) {
    LimitUsage known = usage.find(level);
    return known == null ? LimitUsage.NOTHING : known;
  }

  /** One more runs at this level, or with a negative difference one less. */
  public void addRunning(LimitLevel level, int difference) {
    LimitUsage before = usage(level);
    put(level, before, before.plus(difference, 0));
  }

  /**
   * Waits at the end of the level's queue.
   *
   * @param sequence larger than any before
   */
  public void enqueue(LimitLevel level, long sequence, InvocationId id) {
    LimitUsage before = usage(level);
    queues.add(level, before.waiting(), sequence, id);
    put(level, before, before.plus(0, 1));
  }

  /** Waits in the level's queue, where its sequence puts it: it has waited at another level. */
  public void rejoin(LimitLevel level, long sequence, InvocationId id) {
    LimitUsage before = usage(level);
    queues.insert(level, sequence, id);
    put(level, before, before.plus(0, 1));
  }

  /** Leaves the queue before its turn. */
  public void leave(LimitLevel level, long sequence) {
    LimitUsage before = usage(level);
    queues.remove(level, sequence);
    put(level, before, before.plus(0, -1));
  }

  /** Takes the first out of the level's queue, in which there is one. */
  public InvocationId poll(LimitLevel level) {
    LimitUsage before = usage(level);
    InvocationId first = queues.poll(level);
    if (first == null) {
      throw new IllegalStateException(
          "Expected " + before.waiting() + " waiting at " + level + ", but found none");
    }
    put(level, before, before.plus(0, -1));
    return first;
  }

  /** There is no row where nothing runs and nothing waits. */
  private void put(LimitLevel level, LimitUsage before, LimitUsage now) {
    if (now.running() < 0 || now.waiting() < 0) {
      throw new IllegalStateException("Expected nothing below zero at " + level + ", but " + now);
    }
    if (now.equals(LimitUsage.NOTHING)) {
      usage.delete(level);
      queues.leave(level);
    } else if (before.equals(LimitUsage.NOTHING)) {
      usage.insert(level, now);
    } else {
      usage.put(level, now);
    }
  }

  /** What is remembered may be wrong: read it again when it is needed. */
  void forget() {
    queues.forget();
  }
}
