package dev.reprise.conformance;

import dev.reprise.conformance.Column.DoorKind;
import dev.reprise.conformance.rows.Rows;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Judges a server that runs somewhere; ends with 0 when all rows passed, and with 1 otherwise. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = "Runs all rows against a server, with the official SDKs.")
public final class Main implements Callable<Integer> {
  @Option(names = "--ingress", defaultValue = "http://127.0.0.1:8080", description = "URL")
  URI ingress = URI.create("http://127.0.0.1:8080");

  @Option(names = "--admin", defaultValue = "http://127.0.0.1:9070", description = "URL")
  URI admin = URI.create("http://127.0.0.1:9070");

  @Option(
      names = "--grpc",
      description = "host:port: a door of its own, and the list of statuses (otherwise with SQL)")
  @Nullable String grpc;

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
    try (Judged judged = Judged.overHttp(ingress, admin, grpc)) {
      run(new Matrix(judged, rows, expected, together), DoorKind.HTTP, results);
    }
    if (grpc != null) {
      try (Judged judged = Judged.overGrpc(grpc, admin)) {
        run(new Matrix(judged, rows, expected, together), DoorKind.GRPC, results);
      }
    }
    Verdict verdict = new Verdict(results, expected);
    System.out.print(verdict.table());
    return verdict.surprises().isEmpty() ? 0 : 1;
  }

  private void run(Matrix matrix, DoorKind door, List<Result> results) throws Exception {
    for (Sdk sdk : sdks) {
      for (Setting setting : settings) {
        results.addAll(matrix.run(new Column(sdk, setting, door)));
      }
    }
  }
}
