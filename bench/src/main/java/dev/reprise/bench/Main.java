package dev.reprise.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The bench's command line. */
@Command(
    name = "bench",
    description = "Measures servers that speak the durable-execution protocols.",
    mixinStandardHelpOptions = true,
    subcommands = {LoadCommand.class, EndpointCommand.class, CompareCommand.class})
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
