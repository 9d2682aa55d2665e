package dev.reprise.server.node;

import dev.reprise.cluster.metadata.RuleBook;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.operations.LimitLister;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.table.LimitUsage;
import dev.reprise.storage.table.TablesView;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Shows what counts for limits in the partitions of this node. Reads their tables; called on
 * threads that may block.
 */
final class NodeLimits implements LimitLister {
  private final Supplier<RuleBook> rules;
  private final Supplier<List<Partition>> partitions;

  NodeLimits(Supplier<RuleBook> rules, Supplier<List<Partition>> partitions) {
    this.rules = rules;
    this.partitions = partitions;
  }

  @Override
  public RuleBook rules() {
    return rules.get();
  }

  @Override
  public void usage(Predicate<Usage> levels) {
    for (Partition partition : partitions.get()) {
      TablesView tables = partition.tables();
      // The partition's own: it may not have heard of the newest yet.
      LimitRules inForce = tables.limitRules();
      try (var scan = tables.limitUsages()) {
        while (scan.next()) {
          LimitUsage usage = scan.value();
          Usage row =
              new Usage(scan.key(), usage.running(), usage.waiting(), inForce.at(scan.key()));
          if (!levels.test(row)) {
            return;
          }
        }
      }
    }
  }
}
