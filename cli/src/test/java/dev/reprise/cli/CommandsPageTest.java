package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of commands is what the commands make of it. */
class CommandsPageTest {
  @Test
  void thePageIsThatOfTheCommands() throws IOException {
    Path page = Path.of(System.getProperty("reprise.root", ".."), "docs", "restatectl.md");

    assertThat(Files.exists(page) ? Files.readString(page) : "(no such file)")
        .as("stale; make it again: ./restatectl commands-page > docs/restatectl.md")
        .isEqualTo(new CommandsPage(Restatectl.line(Restatectl.SILENT)).text());
  }

  @Test
  void everyCommandSaysWhatItDoes() {
    String page = new CommandsPage(Restatectl.line(Restatectl.SILENT)).text();

    assertThat(Restatectl.commands())
        .contains("nodes list", "partitions leader pin", "config set", "completion")
        .allSatisfy(it -> assertThat(page).contains("| `" + it))
        .doesNotContain("commands-page");
    assertThat(page).doesNotContain("|  |");
  }
}
