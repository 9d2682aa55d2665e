package dev.reprise.storage.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes that must not change unnoticed, in a file that people can read: prose, and under each name
 * its bytes in hexadecimal. What a name's bytes once were stays in the file, and must be readable
 * for ever.
 *
 * <p>{@code -Dformats.update=true} writes the file anew, on purpose.
 */
public final class FormatLock {
  private static final String HEADING = "== ";
  private static final String OLD = " (old)";
  private static final int LINE = 64;

  private final Path file;
  private final String prose;

  /**
   * @param file from the root of the project
   * @param prose stands at the head of the file
   */
  public FormatLock(String file, String prose) {
    String root = System.getProperty("reprise.root");
    this.file = (root == null ? Path.of("..") : Path.of(root)).resolve(file);
    this.prose = prose;
  }

  /** Compares, or writes. */
  public void check(Map<String, byte[]> samples) {
    Map<String, List<String>> locked = read();
    if (Boolean.getBoolean("formats.update")) {
      write(samples, locked);
      return;
    }
    Map<String, String> actual = new LinkedHashMap<>();
    samples.forEach((name, bytes) -> actual.put(name, HexFormat.of().formatHex(bytes)));
    Map<String, String> expected = new LinkedHashMap<>();
    locked.forEach(
        (name, bytes) -> {
          if (!name.endsWith(OLD)) {
            expected.put(name, bytes.getFirst());
          }
        });
    assertThat(actual)
        .as("the bytes in %s; if they are to change: -Dformats.update=true", file)
        .isEqualTo(expected);
  }

  /** All bytes that ever stood for this name, newest first. */
  public List<byte[]> everOf(String name) {
    Map<String, List<String>> locked = read();
    List<String> all = new ArrayList<>(locked.getOrDefault(name, List.of()));
    all.addAll(locked.getOrDefault(name + OLD, List.of()));
    return all.stream().map(HexFormat.of()::parseHex).toList();
  }

  private Map<String, List<String>> read() {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return sections;
    }
    String name = "";
    StringBuilder hex = new StringBuilder();
    for (String line : lines()) {
      if (line.startsWith(HEADING)) {
        keep(sections, name, hex);
        name = line.substring(HEADING.length());
      } else if (!name.isEmpty()) {
        hex.append(line.strip());
      }
    }
    keep(sections, name, hex);
    return sections;
  }

  private static void keep(Map<String, List<String>> sections, String name, StringBuilder hex) {
    if (!name.isEmpty()) {
      sections.computeIfAbsent(name, it -> new ArrayList<>()).add(hex.toString());
    }
    hex.setLength(0);
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Map<String, byte[]> samples, Map<String, List<String>> before) {
    StringBuilder text = new StringBuilder(prose).append('\n');
    samples.forEach(
        (name, bytes) -> {
          String hex = HexFormat.of().formatHex(bytes);
          section(name, hex, text);
          List<String> old = new ArrayList<>(before.getOrDefault(name, List.of()));
          old.remove(hex);
          old.addAll(before.getOrDefault(name + OLD, List.of()));
          old.forEach(it -> section(name + OLD, it, text));
        });
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void section(String name, String hex, StringBuilder text) {
    text.append('\n').append(HEADING).append(name).append('\n');
    for (int at = 0; at < hex.length(); at += LINE) {
      text.append(hex, at, Math.min(hex.length(), at + LINE)).append('\n');
    }
  }
}
