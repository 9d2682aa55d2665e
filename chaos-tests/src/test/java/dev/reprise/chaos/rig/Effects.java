package dev.reprise.chaos.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Stands for the systems outside: a file in which each effect is a line, written by any process.
 * What is written stays, whoever dies.
 */
public record Effects(Path file) {
  /** Adds an effect on a subject; neither holds a line break. */
  public void add(String subject, String effect) {
    try {
      Files.writeString(
          file,
          subject + "\t" + effect + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write to " + file, e);
    }
  }

  /** The effects on a subject, in order. */
  public List<String> on(String subject) {
    if (Files.notExists(file)) {
      return List.of();
    }
    String prefix = subject + "\t";
    try {
      return Files.readAllLines(file).stream()
          .filter(it -> it.startsWith(prefix))
          .map(it -> it.substring(prefix.length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to read " + file, e);
    }
  }
}
