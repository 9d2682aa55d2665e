package dev.reprise.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Spec;

/** The page that lists all commands: {@code docs/restatectl.md}. */
final class CommandsPage {
  private static final String HEAD =
      """
      # restatectl

      <!-- Made from the commands; `restatectl commands-page` prints it. Do not edit. -->

      Looks into a server and changes it, over its public doors. `--admin URL` (`REPRISE_ADMIN_URL`, `http://127.0.0.1:9070`) and
      `--grpc HOST:PORT` (`REPRISE_GRPC_ADDRESS`, `127.0.0.1:9071`) say where it is; any node of a cluster will do. `--help` after any
      command explains its options.

      - Results go to standard output, as tables or, with `--json`, as one JSON document; errors and the progress of long work go to
        standard error. An error says what was expected, and in a second line what to do next.
      - `--watch` looks again every two seconds, or as many as are given, until interrupted; it goes on while a server is away.
      - Exit codes: 0 it worked; 1 the server refused, or something failed; 2 the command was not understood; 3 no server answers at the
        address.
      - Each group answers to its singular, too (`node list`), and to what Restate's tool says: `partition leader pin`,
        `config set --partition-replication`.
      - `source <(restatectl completion)` completes commands in bash and zsh.
      """;

  private final CommandLine root;

  CommandsPage(CommandLine root) {
    this.root = root;
  }

  /** {@code restatectl commands-page}. */
  @Command(
      name = "commands-page",
      hidden = true,
      description = "Prints the page of all commands.",
      mixinStandardHelpOptions = true)
  static final class Print implements Callable<Integer> {
    private final Output output;
    @Spec private CommandSpec spec = CommandSpec.create();

    Print(Output output) {
      this.output = output;
    }

    @Override
    public Integer call() {
      output.out().print(new CommandsPage(spec.root().commandLine()).text());
      output.out().flush();
      return 0;
    }
  }

  /** A command that does something, and its words. */
  private record Leaf(String words, CommandSpec spec) {}

  /** The words of each command, in the order of the help. */
  List<String> commands() {
    return leaves("", root).stream().map(Leaf::words).toList();
  }

  private static List<Leaf> leaves(String before, CommandLine line) {
    List<Leaf> leaves = new ArrayList<>();
    for (Map.Entry<String, CommandLine> each : line.getSubcommands().entrySet()) {
      CommandSpec spec = each.getValue().getCommandSpec();
      if (!each.getKey().equals(spec.name()) || spec.usageMessage().hidden()) {
        continue;
      }
      String words = before + spec.name();
      if (each.getValue().getSubcommands().isEmpty()) {
        leaves.add(new Leaf(words, spec));
      } else {
        leaves.addAll(leaves(words + " ", each.getValue()));
      }
    }
    if (!before.isEmpty()) {
      leaves.sort(Comparator.comparing(Leaf::words));
    }
    return leaves;
  }

  /** The whole page. */
  String text() {
    StringBuilder out = new StringBuilder(HEAD);
    String group = "";
    for (Leaf leaf : leaves("", root)) {
      int space = leaf.words().indexOf(' ');
      String next = space < 0 ? "the cluster and this tool" : leaf.words().substring(0, space);
      if (!next.equals(group)) {
        group = next;
        out.append("\n## ").append(group).append("\n\n");
        CommandLine line = root.getSubcommands().get(group);
        if (line != null) {
          out.append(text(line.getCommandSpec())).append("\n\n");
        }
        out.append("| command | what |\n|---|---|\n");
      }
      out.append("| `")
          .append(synopsis(leaf).replace("|", "\\|"))
          .append("` | ")
          .append(text(leaf.spec()).replace("|", "\\|"))
          .append(" |\n");
    }
    return out.toString();
  }

  private static String text(CommandSpec spec) {
    return String.join(" ", spec.usageMessage().description());
  }

  private static String synopsis(Leaf leaf) {
    StringBuilder synopsis = new StringBuilder(leaf.words());
    for (PositionalParamSpec each : leaf.spec().positionalParameters()) {
      String label = each.paramLabel() + (each.arity().max() > 1 ? "…" : "");
      synopsis.append(' ').append(each.arity().min() == 0 ? "[" + label + "]" : label);
    }
    for (OptionSpec each : leaf.spec().options()) {
      if (each.usageHelp() || each.versionHelp() || each.hidden() || each.inherited()) {
        continue;
      }
      String option =
          each.negatable() ? each.longestName().replace("--", "--[no-]") : each.longestName();
      String whole = option;
      if (each.arity().max() > 0) {
        boolean alone = each.arity().min() == 0;
        whole += alone ? "[=" + each.paramLabel() + "]" : " " + each.paramLabel();
      }
      synopsis.append(' ').append(each.required() ? whole : "[" + whole + "]");
    }
    return synopsis.toString();
  }
}
