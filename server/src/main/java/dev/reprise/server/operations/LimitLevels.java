package dev.reprise.server.operations;

import dev.reprise.cluster.metadata.RuleBook;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Inspection;
import dev.reprise.cluster.partition.Question;
import dev.reprise.server.ingress.Refused;
import dev.reprise.storage.model.LimitLevel;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Shows what counts for limits in all partitions, whichever nodes lead them. Called on threads that
 * may block; throws {@link Refused} where a leader does not answer.
 */
public final class LimitLevels implements LimitLister {
  private static final int PAGE = 256;

  private final Supplier<RuleBook> rules;
  private final Inspection inspection;

  /**
   * Looks through the inspection.
   *
   * @param rules as this node knows them
   */
  public LimitLevels(Supplier<RuleBook> rules, Inspection inspection) {
    this.rules = rules;
    this.inspection = inspection;
  }

  @Override
  public RuleBook rules() {
    return rules.get();
  }

  @Override
  public void usage(Predicate<Usage> levels) {
    for (int partition = 0; partition < inspection.partitions(); partition++) {
      LimitLevel after = null;
      do {
        Question.Levels asked = new Question.Levels(after, PAGE, 0);
        if (!(Inspections.look(inspection, partition, asked) instanceof Answer.Levels found)) {
          throw Inspections.cannotBeLookedAt(partition);
        }
        for (Inspection.Level row : found.rows()) {
          if (!levels.test(new Usage(row.level(), row.running(), row.waiting(), row.rule()))) {
            return;
          }
        }
        after = found.next();
      } while (after != null);
    }
  }
}
