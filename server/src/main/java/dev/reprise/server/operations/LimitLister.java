package dev.reprise.server.operations;

import dev.reprise.cluster.metadata.RuleBook;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRule;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Shows the rules for limits, and what counts for them. Called on a thread that may block. */
public interface LimitLister {
  /** All rules. */
  RuleBook rules();

  /**
   * Gives the levels at which something runs or waits.
   *
   * @param levels takes one and says whether it wants more; called on the caller's thread
   */
  void usage(Predicate<Usage> levels);

  /**
   * What counts at a level.
   *
   * @param rule that counts there; null when there is none
   */
  record Usage(LimitLevel level, int running, int waiting, @Nullable LimitRule rule) {}
}
