package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.table.LimitUsage;
import dev.reprise.storage.table.TablesView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the partition of new rules for limits, and sees to it that free places are given away:
 * those that new rules make, those that one command could not give, and those that an earlier
 * leader left. One per epoch; confined to the leader loop.
 */
final class LimitKeeper {
  private static final int SLICE = 512;
  private static final int LEVELS_AT_ONCE = 64;

  private final TablesView tables;
  private final Proposer proposer;
  private final Loop loop;
  private final Runnable touch;
  private long told;
  private boolean walking;
  private boolean walkAgain;
  private @Nullable LimitLevel walkedThrough;
  private boolean closed;

  /**
   * @param touch asks for a flush at the end of the loop's turn
   */
  LimitKeeper(TablesView tables, Proposer proposer, Loop loop, Runnable touch) {
    this.tables = tables;
    this.proposer = proposer;
    this.loop = loop;
    this.touch = touch;
  }

  /** What an earlier leader did not come to. */
  void recover() {
    told = tables.limitRules().version();
    walk();
  }

  /** If these are newer than what the partition has been told, it is told. */
  void know(LimitRules rules) {
    if (rules.version() > told) {
      told = rules.version();
      proposer.finish(new Command.SetLimitRules(rules), result -> {});
      touch.run();
    }
  }

  /**
   * There may be free places.
   *
   * @param level where; null for anywhere
   */
  void fill(@Nullable LimitLevel level) {
    if (level == null) {
      walk();
    } else {
      propose(List.of(level));
    }
  }

  private void propose(List<LimitLevel> levels) {
    proposer.finish(new Command.FillLimits(levels), result -> {});
    touch.run();
  }

  /** Looks at all levels where somebody waits, a slice in each turn of the loop. */
  private void walk() {
    if (walking) {
      walkAgain = true;
      return;
    }
    walking = true;
    walkedThrough = null;
    walkOn();
  }

  private void walkOn() {
    if (closed) {
      return;
    }
    LimitRules rules = tables.limitRules();
    List<LimitLevel> free = new ArrayList<>();
    boolean more = false;
    try (var scan =
        walkedThrough == null ? tables.limitUsages() : tables.limitUsagesAfter(walkedThrough)) {
      for (int i = 0; i < SLICE && free.size() < LEVELS_AT_ONCE; i++) {
        more = scan.next();
        if (!more) {
          break;
        }
        LimitUsage usage = scan.value();
        walkedThrough = scan.key();
        if (usage.waiting() > 0 && usage.running() < rules.limitAt(walkedThrough)) {
          free.add(walkedThrough);
        }
      }
    }
    if (!free.isEmpty()) {
      propose(free);
    }
    if (more) {
      loop.execute(this::walkOn);
    } else {
      walking = false;
      if (walkAgain) {
        walkAgain = false;
        walk();
      }
    }
  }

  void close() {
    closed = true;
  }
}
