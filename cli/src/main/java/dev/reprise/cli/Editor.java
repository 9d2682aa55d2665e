package dev.reprise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The editor that the environment names. Blocks until it is left. */
final class Editor {
  /** The text as it is when the editor is left. */
  String edit(String text) {
    String command = command();
    try {
      Path file = Files.createTempFile("restatectl-", ".json");
      try {
        Files.writeString(file, text);
        Process editor =
            new ProcessBuilder("sh", "-c", command + " \"$1\"", "sh", file.toString())
                .inheritIO()
                .start();
        if (editor.waitFor() != 0) {
          throw new CliException(
              CliException.FAILURE,
              "the editor '" + command + "' failed",
              "set $EDITOR to one that runs, or use --set and --delete");
        }
        return Files.readString(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new CliException(
          CliException.FAILURE, "the state could not be edited: " + e.getMessage(), "try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(CliException.FAILURE, "interrupted", "run the command again");
    }
  }

  private static String command() {
    for (String name : new String[] {"VISUAL", "EDITOR"}) {
      String command = System.getenv(name);
      if (command != null && !command.isBlank()) {
        return command;
      }
    }
    throw new CliException(
        CliException.USAGE,
        "Expected an editor in $VISUAL or $EDITOR, but neither is set",
        "set one, or use --set and --delete");
  }
}
