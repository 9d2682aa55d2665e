package dev.reprise.server.node;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.storage.files.SafeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A node's directory: locked while the node runs, and marked with whose it is.
 *
 * <pre>
 * node.properties      format, cluster, fingerprint, node, id, generation, partitions
 * replicas.properties  which logs it has, and whether it founded or joined them
 * lock                 held by the running process
 * log/                 the Raft logs
 * metadata/            the metadata's store
 * partition-N/         the tables of partition N
 * checkpoints/         given to other nodes at present; may be deleted while the node is down
 * native/              native code, copied from the archives; may be deleted while it is down
 * </pre>
 */
final class NodeDirectory implements AutoCloseable {
  private static final String FORMAT = "3";

  private final Path base;
  private final FileChannel lockChannel;
  private final Path mark;
  private @Nullable Owner owner;

  /**
   * Whose directory it is.
   *
   * @param partitions of the whole cluster
   */
  record Owner(ReplicaId replica, String fingerprint, int partitions) {}

  private NodeDirectory(Path base, FileChannel lockChannel, @Nullable Owner owner) {
    this.base = base;
    this.lockChannel = lockChannel;
    this.mark = base.resolve("node.properties");
    this.owner = owner;
  }

  /**
   * Opens the directory, and makes a new one.
   *
   * @throws NodeException if it is another node's, in use, or of a format this version does not
   *     know
   */
  static NodeDirectory open(NodeConfig config) throws IOException {
    Path base = config.baseDir();
    Files.createDirectories(base);
    FileChannel channel =
        FileChannel.open(base.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(base, channel);
      Path mark = base.resolve("node.properties");
      if (Files.notExists(mark)) {
        expectNothingElse(base);
        return new NodeDirectory(base, channel, null);
      }
      return new NodeDirectory(base, channel, check(mark, config));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Whose it is; null while it is new. */
  @Nullable Owner owner() {
    return owner;
  }

  /** From now on it is this node's. Survives a crash once this returns. */
  void mark(NodeConfig config, Owner of) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("format", FORMAT);
    properties.setProperty("cluster", config.clusterName());
    properties.setProperty("fingerprint", of.fingerprint());
    properties.setProperty("node", config.nodeName());
    properties.setProperty("id", Integer.toString(of.replica().node().number()));
    properties.setProperty("generation", Integer.toString(of.replica().generation()));
    properties.setProperty("partitions", Integer.toString(of.partitions()));
    SafeFile.write(mark, properties, "Whose directory this is. Not to be edited.");
    owner = of;
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

  /** Whose directory it is; null for nobody's. Says nothing of whether it may be opened. */
  static @Nullable String nodeName(Path base) {
    Path mark = base.resolve("node.properties");
    try {
      return Files.exists(mark) ? SafeFile.read(mark).getProperty("node") : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Owner check(Path mark, NodeConfig config) throws IOException {
    Properties properties = SafeFile.read(mark);
    expect(mark, properties, "format", FORMAT, advice(properties));
    expect(mark, properties, "cluster", config.clusterName(), "give --cluster-name");
    expect(mark, properties, "node", config.nodeName(), "give --node-name");
    int partitions = number(mark, properties, "partitions");
    if (config.partitions() != 0 && config.partitions() != partitions) {
      throw new NodeException(
          "Expected --partitions "
              + partitions
              + ", but got "
              + config.partitions()
              + ": the number is fixed when a cluster is made");
    }
    ReplicaId replica =
        new ReplicaId(
            new NodeId(number(mark, properties, "id")), number(mark, properties, "generation"));
    return new Owner(replica, properties.getProperty("fingerprint", ""), partitions);
  }

  private static String advice(Properties properties) {
    String found = properties.getProperty("format", "");
    boolean newer =
        found.matches("[0-9]{1,9}") && Integer.parseInt(found) > Integer.parseInt(FORMAT);
    return (newer ? "a newer" : "another") + " version wrote it: start that one";
  }

  private static int number(Path mark, Properties properties, String key) {
    try {
      return Math.max(1, Integer.parseInt(properties.getProperty(key, "")));
    } catch (NumberFormatException e) {
      throw new NodeException("Expected a number for " + key + " in " + mark + ", but found none");
    }
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

  /** Which logs it has. */
  ReplicaMarks replicas() throws IOException {
    return ReplicaMarks.read(base.resolve("replicas.properties"));
  }

  Path log() {
    return base.resolve("log");
  }

  Path metadata() {
    return base.resolve("metadata");
  }

  Path checkpoints() {
    return base.resolve("checkpoints");
  }

  Path nativeLibraries() {
    return base.resolve("native");
  }

  Path partition(int number) {
    return base.resolve("partition-" + number);
  }

  /** Where the tables of a log are. */
  Path tables(LogId log) {
    return base.resolve(log.name());
  }

  @Override
  public void close() throws IOException {
    lockChannel.close();
  }
}
