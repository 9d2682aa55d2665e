package dev.reprise.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.Neighbours;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.conformance.Column.DoorKind;
import dev.reprise.conformance.rows.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three nodes keep the promises of one, whichever of them is asked. One setting each, for the time
 * that it takes; {@code conformance/run} runs all of them.
 */
class ThreeNodesTest {
  private static final int NODES = 3;
  private static final int TOGETHER = 8;
  private static final Duration SOON = Duration.ofMinutes(3);

  @RegisterExtension final Storm storm = new Storm();

  private final List<Result> results = new ArrayList<>();

  @Test
  @Timeout(1_800)
  void anyOfThreeNodesKeepsThePromises() throws Exception {
    Neighbours nodes = given();

    run(nodes, Setting.DEFAULT, DoorKind.GRPC);

    judge(nodes);
  }

  @Test
  @Timeout(1_800)
  void theyKeepThemWhileALeaderIsMovedEveryTwoSeconds() throws Exception {
    Neighbours nodes = given();

    long begin = System.nanoTime();
    try (LeaderMover mover = new LeaderMover(nodes.grpc(1))) {
      run(nodes, Setting.SUSPEND, DoorKind.HTTP);
      run(nodes, Setting.SUSPEND, DoorKind.GRPC);

      storm.say("%s", mover.summary());
      long due = (System.nanoTime() - begin) / LeaderMover.EVERY.toNanos();
      assertThat(mover.moved()).as("moves, of %d that were due", due).isGreaterThan((int) due / 2);
    }
    judge(nodes);
  }

  private Neighbours given() {
    Neighbours nodes = storm.add(new Neighbours(storm.directory(), "demo", NODES));
    nodes.launchAll("--cleanup-interval", "1");
    nodes.await(1, SOON, "three copies of everything", it -> Neighbours.isWholeOn(it, 1, 2, 3));
    return nodes;
  }

  private void run(Neighbours cluster, Setting setting, DoorKind door) throws Exception {
    List<Nodes.Place> places =
        IntStream.rangeClosed(1, NODES)
            .mapToObj(
                it ->
                    new Nodes.Place(
                        cluster.ingress(it).base(), cluster.admin(it).base(), cluster.grpc(it)))
            .toList();
    try (Nodes nodes = Nodes.through(door, places)) {
      Matrix matrix = new Matrix(nodes.all(), Rows.all(), NotYet.FAILURES, TOGETHER);
      for (Sdk sdk : Sdk.present()) {
        results.addAll(matrix.run(new Column(sdk, setting, door)));
      }
    }
  }

  private void judge(Neighbours nodes) {
    Verdict verdict = new Verdict(results, NotYet.FAILURES);
    System.out.print(verdict.table());
    if (!verdict.surprises().isEmpty()) {
      System.out.println(nodes.tail());
    }
    assertThat(verdict.surprises()).as("failures of rows that are not listed").isEmpty();
  }
}
