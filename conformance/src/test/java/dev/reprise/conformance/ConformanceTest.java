package dev.reprise.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.conformance.Column.DoorKind;
import dev.reprise.conformance.rows.Rows;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * This server, judged with the official SDKs in all settings. The TypeScript half is skipped where
 * there is no Node or nothing is installed, unless {@code REPRISE_CI=1}. {@code
 * -Dconformance.row=…} runs only rows whose name contains that, and then says nothing about the
 * list of what is not yet.
 */
class ConformanceTest {
  private static final int TOGETHER = 8;
  private static final String ONLY = System.getProperty("conformance.row", "");

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(1_800)
  void servicesOfTheOfficialSdksFindThatThisServerKeepsThePromises() throws Exception {
    List<Result> results = new ArrayList<>();

    try (ServerProcess server = storm.server("--cleanup-interval", "1")) {
      run(server, EnumSet.of(Setting.DEFAULT, Setting.SUSPEND, Setting.LAZY), results);
    }
    String[] single = {"--cleanup-interval", "1", "--partitions", "1", "--event-loops", "1"};
    try (ServerProcess server = storm.server(single)) {
      run(server, EnumSet.of(Setting.SINGLE), results);
    }
    String[] seven = {"--cleanup-interval", "1", "--experimental-enable-protocol-v7"};
    try (ServerProcess server = storm.server(seven)) {
      run(server, EnumSet.of(Setting.SEVEN), results);
    }

    Verdict verdict = new Verdict(results, NotYet.FAILURES);
    System.out.print(verdict.table());
    assertThat(verdict.surprises()).as("failures of rows that are not listed").isEmpty();
    if (ONLY.isEmpty()) {
      assertThat(verdict.stale()).as("rows that pass although they are listed").isEmpty();
    }
  }

  @Test
  void whatIsNotYetThereIsNamedAsItsRowIs() {
    List<String> names = Rows.all().stream().map(Row::name).toList();

    assertThat(names).doesNotHaveDuplicates();
    assertThat(NotYet.ROWS.keySet()).isSubsetOf(names);
    for (Setting setting : Setting.values()) {
      assertThat(Differences.RESTATE.failuresIn(setting).keySet()).isSubsetOf(names);
    }
  }

  private static void run(ServerProcess server, Set<Setting> settings, List<Result> results)
      throws Exception {
    for (DoorKind door : DoorKind.values()) {
      run(server, settings, door, results);
    }
  }

  private static void run(
      ServerProcess server, Set<Setting> settings, DoorKind door, List<Result> results)
      throws Exception {
    List<Row> rows = Rows.all().stream().filter(it -> it.name().contains(ONLY)).toList();
    Nodes.Place place =
        new Nodes.Place(server.ingress().base(), server.admin().base(), server.grpc());
    try (Nodes nodes = Nodes.through(door, List.of(place))) {
      Matrix matrix = new Matrix(nodes.all(), rows, NotYet.FAILURES, TOGETHER);
      for (Sdk sdk : Sdk.present()) {
        for (Setting setting : settings) {
          results.addAll(matrix.run(new Column(sdk, setting, door)));
        }
      }
    }
  }
}
