package dev.reprise.conformance;

import dev.reprise.conformance.Column.DoorKind;
import dev.reprise.conformance.rows.Rows;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges a server that runs somewhere; ends with 0 when all rows passed, and with 1 otherwise. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = "Runs all rows against a server, with the official SDKs.")
public final class Main implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--ingress",
      split = ",",
      defaultValue = "http://127.0.0.1:8080",
      description = "URL; of several nodes, which rows ask in turn, one each")
  List<URI> ingress = List.of();

  @Option(
      names = "--admin",
      split = ",",
      defaultValue = "http://127.0.0.1:9070",
      description = "URL; one for each --ingress")
  List<URI> admin = List.of();

  @Option(
      names = "--grpc",
      split = ",",
      description =
          "host:port; one for each --ingress: a door of its own, and the list of statuses"
              + " (otherwise with SQL)")
  List<String> grpc = List.of();

  @Option(
      names = "--move-leaders",
      description = "move a leader to another node every two seconds; needs --grpc")
  boolean moveLeaders;

  @Option(names = "--sdk", split = ",", description = "${COMPLETION-CANDIDATES}; default: all")
  List<Sdk> sdks = List.of(Sdk.values());

  @Option(
      names = "--setting",
      split = ",",
      description =
          "${COMPLETION-CANDIDATES}; SINGLE says that the server has one partition"
              + ", SEVEN that it speaks protocol 7 and knows scopes (default: all but those)")
  List<Setting> settings = List.of(Setting.DEFAULT, Setting.SUSPEND, Setting.LAZY);

  @Option(names = "--row", description = "only rows whose name contains this")
  String row = "";

  @Option(names = "--together", defaultValue = "8", description = "rows that run at a time")
  int together = 8;

  @Option(names = "--restate", description = "the server is restate-server: expect its differences")
  boolean restate;

  private Main() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    List<Row> rows = Rows.all().stream().filter(it -> it.name().contains(row)).toList();
    Expected expected = restate ? Differences.RESTATE : Expected.NOTHING;
    List<Result> results = new ArrayList<>();
    List<Nodes.Place> places = places();
    LeaderMover mover = moveLeaders ? new LeaderMover(grpc.getFirst()) : null;
    try (mover) {
      for (DoorKind door : grpc.isEmpty() ? List.of(DoorKind.HTTP) : List.of(DoorKind.values())) {
        try (Nodes nodes = Nodes.through(door, places)) {
          run(new Matrix(nodes.all(), rows, expected, together), door, results);
        }
      }
    }
    Verdict verdict = new Verdict(results, expected);
    System.out.print(verdict.table());
    if (mover != null) {
      System.out.println(mover.summary());
    }
    return verdict.surprises().isEmpty() ? 0 : 1;
  }

  private List<Nodes.Place> places() {
    if (ingress.size() != admin.size() || (!grpc.isEmpty() && grpc.size() != ingress.size())) {
      throw misused(
          "Expected an --admin and, if any, a --grpc for each of %d --ingress, but got %d and %d"
              .formatted(ingress.size(), admin.size(), grpc.size()));
    }
    if (moveLeaders && grpc.isEmpty()) {
      throw misused("Expected --grpc beside --move-leaders, but got none");
    }
    List<Nodes.Place> places = new ArrayList<>();
    for (int node = 0; node < ingress.size(); node++) {
      places.add(
          new Nodes.Place(
              ingress.get(node), admin.get(node), grpc.isEmpty() ? null : grpc.get(node)));
    }
    return places;
  }

  private CommandLine.ParameterException misused(String message) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  private void run(Matrix matrix, DoorKind door, List<Result> results) throws Exception {
    for (Sdk sdk : sdks) {
      for (Setting setting : settings) {
        results.addAll(matrix.run(new Column(sdk, setting, door)));
      }
    }
  }
}
