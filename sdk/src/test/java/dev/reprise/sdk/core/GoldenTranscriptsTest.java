package dev.reprise.sdk.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The transcripts that the server is held to, from the other side: with a handler that does what
 * the text says, we write the endpoint's bytes, frame by frame. Two things may differ: errors say
 * more than code and message, and announcements of what is awaited are advice.
 */
@Timeout(30)
class GoldenTranscriptsTest {
  private static final Path DIRECTORY =
      Path.of("..", "grpc-api", "src", "test", "resources", "dev", "reprise", "api", "transcripts");

  // ---- the files ----

  static List<String> transcripts() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .map(it -> it.getFileName().toString().replace(".txt", ""))
          .filter(
              it ->
                  TranscriptPrograms.PROGRAMS.keySet().stream()
                      .anyMatch(key -> key.startsWith(it + " ")))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void ourEndpointSaysTheSame(String transcript) throws IOException {
    int version = 6;
    String handler = "";
    var attempts = new ArrayList<String>();
    List<String> script = new ArrayList<>();
    List<String> lines =
        new ArrayList<>(Files.readAllLines(DIRECTORY.resolve(transcript + ".txt")));
    lines.add("attempt none");
    for (String raw : lines) {
      String line = raw.stripTrailing();
      if (line.startsWith("version ")) {
        version = Integer.parseInt(line.substring("version ".length()));
      } else if (line.startsWith("attempt ")) {
        if (!handler.isEmpty()) {
          var program =
              Objects.requireNonNull(
                  TranscriptPrograms.PROGRAMS.get(transcript + " " + handler),
                  "what " + handler + " does in " + transcript);
          new TranscriptAttempt(version, script, !attempts.contains(handler)).play(program);
          attempts.add(handler);
        }
        handler = line.substring("attempt ".length());
        script = new ArrayList<>();
      } else if (line.startsWith("> ") || line.startsWith("< ")) {
        script.add(line);
      }
    }
    assertThat(attempts).isNotEmpty();
  }
}
