package dev.reprise.storage.files;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;

/** Small files that are there as a whole, before and after a crash. */
public final class SafeFile {
  private SafeFile() {}

  /** What stands in it. */
  public static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    return properties;
  }

  /** Survives a crash once this returns. When it throws, the file is as it was. */
  public static void write(Path file, Properties properties, String comment) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (Writer out = Files.newBufferedWriter(draft)) {
      properties.store(out, comment);
    }
    try (FileChannel opened = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      opened.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
