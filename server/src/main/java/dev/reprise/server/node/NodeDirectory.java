package dev.reprise.server.node;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A node's directory: locked while the node runs, and marked with whose it is.
 *
 * <pre>
 * node.properties   format, cluster, node, partitions
 * lock              held by the running process
 * log/              the Raft logs
 * metadata/         the registry's store
 * partition-N/      the tables of partition N
 * native/           native code, copied from the archives; may be deleted while the node is down
 * </pre>
 */
final class NodeDirectory implements AutoCloseable {
  private static final String FORMAT = "1";

  private final Path base;
  private final FileChannel lockChannel;
  private final int partitions;

  private NodeDirectory(Path base, FileChannel lockChannel, int partitions) {
    this.base = base;
    this.lockChannel = lockChannel;
    this.partitions = partitions;
  }

  /**
   * Opens the directory, and marks a new one.
   *
   * @param defaultPartitions for a new directory whose configuration leaves it open
   * @throws NodeException if it is another node's, in use, or of a format this version does not
   *     know
   */
  static NodeDirectory open(NodeConfig config, int defaultPartitions) throws IOException {
    Path base = config.baseDir();
    Files.createDirectories(base);
    FileChannel channel =
        FileChannel.open(base.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(base, channel);
      Path mark = base.resolve("node.properties");
      if (Files.notExists(mark)) {
        expectNothingElse(base);
        int partitions = config.partitions() == 0 ? defaultPartitions : config.partitions();
        write(mark, config, partitions);
      }
      return new NodeDirectory(base, channel, check(mark, config));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void lock(Path base, FileChannel channel) throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new NodeException(
          "Expected "
              + base
              + " to be free, but another process uses it; stop that one, or choose another"
              + " --base-dir");
    }
  }

  private static void expectNothingElse(Path base) throws IOException {
    try (var files = Files.list(base)) {
      Path other =
          files.filter(it -> !it.getFileName().toString().equals("lock")).findAny().orElse(null);
      if (other != null) {
        throw new NodeException(
            "Expected "
                + base
                + " to be empty or a node's directory, but it holds "
                + other.getFileName()
                + " and no node.properties; restore that file, or choose another --base-dir");
      }
    }
  }

  private static void write(Path mark, NodeConfig config, int partitions) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("format", FORMAT);
    properties.setProperty("cluster", config.clusterName());
    properties.setProperty("node", config.nodeName());
    properties.setProperty("partitions", Integer.toString(partitions));
    Path draft = mark.resolveSibling("node.properties.new");
    try (Writer out = Files.newBufferedWriter(draft)) {
      properties.store(out, "Whose directory this is. Not to be edited.");
    }
    try (FileChannel file = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    Files.move(draft, mark, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(mark.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Whose directory it is; null for nobody's. Says nothing of whether it may be opened. */
  static @Nullable String nodeName(Path base) {
    Path mark = base.resolve("node.properties");
    if (Files.notExists(mark)) {
      return null;
    }
    try (Reader reader = Files.newBufferedReader(mark)) {
      Properties properties = new Properties();
      properties.load(reader);
      return properties.getProperty("node");
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static int check(Path mark, NodeConfig config) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(mark)) {
      properties.load(in);
    }
    expect(mark, properties, "format", FORMAT, "a newer version wrote it; start that one");
    expect(mark, properties, "cluster", config.clusterName(), "give --cluster-name");
    expect(mark, properties, "node", config.nodeName(), "give --node-name");
    int partitions;
    try {
      partitions = Integer.parseInt(properties.getProperty("partitions", ""));
    } catch (NumberFormatException e) {
      throw new NodeException("Expected a number of partitions in " + mark + ", but found none");
    }
    if (config.partitions() != 0 && config.partitions() != partitions) {
      throw new NodeException(
          "Expected --partitions "
              + partitions
              + ", but got "
              + config.partitions()
              + ": the number is fixed when a cluster is made");
    }
    return partitions;
  }

  private static void expect(
      Path mark, Properties properties, String key, String wanted, String advice) {
    String found = properties.getProperty(key, "nothing");
    if (!found.equals(wanted)) {
      throw new NodeException(
          "Expected "
              + key
              + " "
              + wanted
              + " in "
              + mark
              + ", but found "
              + found
              + "; "
              + advice);
    }
  }

  int partitions() {
    return partitions;
  }

  Path log() {
    return base.resolve("log");
  }

  Path metadata() {
    return base.resolve("metadata");
  }

  Path nativeLibraries() {
    return base.resolve("native");
  }

  Path partition(int number) {
    return base.resolve("partition-" + number);
  }

  @Override
  public void close() throws IOException {
    lockChannel.close();
  }
}
