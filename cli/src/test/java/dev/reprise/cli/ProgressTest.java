package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Long work is followed on standard error. */
class ProgressTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aTerminalSeesABar() {
    try (Progress progress = progress(true)) {
      progress.at(0, 4, "copies");
      progress.at(1, 4, "copies");
      progress.at(4, 4, "copies");
    }

    assertThat(err.toString())
        .startsWith("\r\u001b[2Kwork  [........................] 0 of 4 copies")
        .contains("\r\u001b[2Kwork  [######..................] 1 of 4 copies")
        .endsWith("[########################] 4 of 4 copies" + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void elseThereIsALineWheneverSomethingHasChanged() {
    try (Progress progress = progress(false)) {
      progress.at(0, 0, "copies");
      progress.at(0, 0, "copies");
      progress.at(1, 2, "copies");
    }

    assertThat(err.toString().lines())
        .containsExactly("work  0 of 0 copies", "work  1 of 2 copies");
  }

  private Progress progress(boolean terminal) {
    return new Progress(
        new Output(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            terminal,
            InstantSource.system()),
        "work");
  }
}
