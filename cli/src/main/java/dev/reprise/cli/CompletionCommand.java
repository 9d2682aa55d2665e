package dev.reprise.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code restatectl completion}. */
@Command(
    name = "completion",
    aliases = "completions",
    description = {
      "Prints a script that completes commands: source <(restatectl completion). In zsh it brings",
      "bash's way of completing with it."
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  private final Output output;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      defaultValue = "bash",
      description = "bash (the default) or zsh.")
  private String shell = "bash";

  CompletionCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw new CliException(
          CliException.USAGE,
          "Expected bash or zsh, but got '" + shell + "'",
          "other shells may be able to read bash's");
    }
    CommandLine root = spec.root().commandLine();
    output.out().print(AutoComplete.bash("restatectl", root));
    output.out().flush();
    return 0;
  }
}
