package dev.reprise.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of options is what the code makes of them. */
final class ReferencePageTest {
  @Test
  void thePageIsThatOfTheCatalogue() throws IOException {
    Path page = Path.of(System.getProperty("reprise.root", ".."), "docs", "configuration.md");

    assertThat(Files.exists(page) ? Files.readString(page) : "(no such file)")
        .as("stale; make it again: ./reprise configuration-page > docs/configuration.md")
        .isEqualTo(ReferencePage.text());
  }

  @Test
  void everyOptionIsOnIt() {
    String page = ReferencePage.text();

    assertThat(Catalogue.options())
        .allSatisfy(option -> assertThat(page).contains("| `" + option.key() + "` | `--"));
  }
}
