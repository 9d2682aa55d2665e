package dev.reprise.conformance.rows;

import dev.reprise.conformance.Row;
import java.util.List;
import java.util.stream.Stream;

/** All rows, in the order of the table. */
public final class Rows {
  private Rows() {}

  public static List<Row> all() {
    return Stream.of(
            BasicRows.rows(),
            IdempotencyRows.rows(),
            StateRows.rows(),
            StepRows.rows(),
            CallRows.rows(),
            AwakeableRows.rows(),
            FlowRows.rows(),
            CombineRows.rows(),
            CancelRows.rows(),
            LifeRows.rows(),
            RestartRows.rows(),
            TimingRows.rows(),
            DeploymentRows.rows())
        .flatMap(List::stream)
        .toList();
  }
}
