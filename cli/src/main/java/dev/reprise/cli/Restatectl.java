package dev.reprise.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's root. */
@Command(
    name = "restatectl",
    description = "Looks into a Reprise server and changes it.",
    mixinStandardHelpOptions = true,
    versionProvider = Restatectl.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It worked.",
      "1:The server refused, or something failed.",
      "2:The command was not understood.",
      "3:No server answers at the address."
    })
public final class Restatectl implements Runnable {
  static final Output SILENT =
      new Output(
          new PrintWriter(Writer.nullWriter()),
          new PrintWriter(Writer.nullWriter()),
          false,
          InstantSource.system());

  @Spec private CommandSpec spec = CommandSpec.create();

  private Restatectl() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    Output output =
        new Output(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            Ansi.AUTO.enabled(),
            InstantSource.system());
    System.exit(run(output, arguments));
  }

  /** Runs one command and gives its exit code. */
  static int run(Output output, String... arguments) {
    return line(output).execute(arguments);
  }

  /** Every command that does something, such as {@code nodes list}. */
  public static List<String> commands() {
    return new CommandsPage(line(SILENT)).commands();
  }

  /** All commands, over one output. */
  static CommandLine line(Output output) {
    ServerOptions server = new ServerOptions();
    CommandLine line =
        new CommandLine(new Restatectl())
            .addMixin("server", server)
            .addSubcommand(new DeploymentsCommand(output, server))
            .addSubcommand(new ServicesCommand(output, server))
            .addSubcommand(new InvocationsCommand(output, server))
            .addSubcommand(new StateCommand(output, server))
            .addSubcommand(new LimitsCommand(output, server))
            .addSubcommand(new NodesCommand(output, server))
            .addSubcommand(partitions(output, server))
            .addSubcommand(new SnapshotsCommand(output, server))
            .addSubcommand(new ConfigCommand(output, server))
            .addSubcommand(new ClusterCommands.Status(output, server))
            .addSubcommand(new ClusterCommands.Provision(output, server))
            .addSubcommand(new CompletionCommand(output))
            .addSubcommand(new CommandsPage.Print(output))
            .setOut(output.out())
            .setErr(output.err())
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(output.colour() ? Ansi.ON : Ansi.OFF));
    line.setExecutionExceptionHandler(
        (problem, command, result) -> {
          if (problem instanceof CliException known) {
            return say(output, known);
          }
          throw problem;
        });
    return line;
  }

  /** Runs one command as {@link #main} does, but returns its exit code; it writes no colours. */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return run(new Output(out, err, false, InstantSource.system()), arguments);
  }

  private static CommandLine partitions(Output output, ServerOptions server) {
    return new CommandLine(new PartitionsCommand(output, server))
        .addSubcommand(new PartitionsCommand.Leader(output, server));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Expected a command");
  }

  /** Says what is wrong, and what to do about it; gives the exit code. */
  static int say(Output output, CliException problem) {
    output.err().println(output.red("error:") + " " + Output.printable(problem.getMessage() + ""));
    output.err().println(" next: " + problem.nextStep());
    output.err().flush();
    return problem.exitCode();
  }

  /** Reads the version that the build wrote down. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      try (InputStream in = Restatectl.class.getResourceAsStream("version.txt")) {
        String version =
            in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        return new String[] {"restatectl " + version};
      }
    }
  }
}
