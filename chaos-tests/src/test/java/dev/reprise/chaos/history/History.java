package dev.reprise.chaos.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * All acts of a run, in the order in which they ended. Each is a line of JSON in the history's file
 * as soon as it has ended. Safe for use by many threads.
 */
public final class History implements AutoCloseable {
  private final long began = System.nanoTime();
  private final List<Act> acts = new ArrayList<>();
  private final BufferedWriter file;

  /** An empty history that is kept in this file. */
  public History(Path file) {
    try {
      this.file = Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write a history to " + file, e);
    }
  }

  /** Nanoseconds since it began. */
  public long now() {
    return System.nanoTime() - began;
  }

  public synchronized void add(Act act) {
    acts.add(act);
    try {
      file.write(JsonMapper.shared().writeValueAsString(act));
      file.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write to the history's file", e);
    }
  }

  /** Those so far. */
  public synchronized List<Act> acts() {
    return List.copyOf(acts);
  }

  /** The acts of a file that a history was kept in. */
  public static List<Act> read(Path file) throws IOException {
    List<Act> read = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      read.add(JsonMapper.shared().readValue(line, Act.class));
    }
    return read;
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
