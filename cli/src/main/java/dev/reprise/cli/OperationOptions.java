package dev.reprise.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every operation on invocations takes. */
final class OperationOptions {
  @Parameters(paramLabel = "ID", arity = "1..*", description = "Of the invocations.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  List<String> ids() {
    return ids;
  }

  boolean json() {
    return json;
  }
}
