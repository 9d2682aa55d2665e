package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ReplicatedLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Raft server of this process: one Ratis server with one group per log. Any thread.
 *
 * <p>Alone, it opens no port and every log is ready to lead some 20 milliseconds after it was
 * opened.
 */
public final class RatisNode implements ReplicatedLogs {
  private static final Logger LOG = LoggerFactory.getLogger(RatisNode.class);
  private static final long CLOSE_SECONDS = 30;

  private final RatisSettings settings;
  private final DirectoryLock lock;
  private final RatisGroups groups;

  /** Guarded by this. A log that is being closed stays here until its files are free. */
  private final Map<LogId, RatisLog> open = new HashMap<>();

  /** May block. Closing waits for Ratis's threads, on which a failure is noticed: never there. */
  private final ExecutorService background =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("log-background-", 0).factory());

  private RatisNode(RatisSettings settings, DirectoryLock lock) throws IOException {
    this.settings = settings;
    this.lock = lock;
    this.groups = new RatisGroups(settings, background);
  }

  /**
   * Starts the server without any log.
   *
   * @throws LogException if the directory or the port cannot be used
   */
  public static RatisNode start(RatisSettings settings) {
    try {
      DirectoryLock lock = DirectoryLock.of(settings.directory());
      try {
        return new RatisNode(settings, lock);
      } catch (IOException | RuntimeException cause) {
        lock.close();
        throw cause;
      }
    } catch (IOException | UncheckedIOException cause) {
      throw new LogException(
          "Expected the Raft server of " + settings.nodeId() + " to start, but it did not", cause);
    }
  }

  @Override
  public ReplicatedLog open(LogId id, Replica replica) {
    return open(id, replica, settings.peers().stream().map(RatisNode::voter).toList());
  }

  @Override
  public ReplicatedLog join(LogId id, Replica replica) {
    return open(id, replica, List.of(RatisMembers.listener(peer(settings.self()))));
  }

  private static RaftPeer voter(RatisSettings.Peer peer) {
    return RatisMembers.voter(peer(peer));
  }

  private static LogMembers.Peer peer(RatisSettings.Peer peer) {
    return new LogMembers.Peer(peer.id(), peer.host() + ":" + peer.port());
  }

  /** What is on disk counts more than the first members. */
  private ReplicatedLog open(LogId id, Replica replica, List<RaftPeer> first) {
    awaitReleased(id);
    synchronized (this) {
      if (open.containsKey(id)) {
        throw new LogException("Expected log " + id + " to be closed, but it is open");
      }
      RatisLog log = start(id, replica, first);
      open.put(id, log);
      return log;
    }
  }

  private void awaitReleased(LogId id) {
    RatisLog before;
    synchronized (this) {
      before = open.get(id);
    }
    if (before != null && before.isClosing()) {
      before.released().join();
    }
  }

  private RatisLog start(LogId id, Replica replica, List<RaftPeer> first) {
    Path files = directoryOf(settings.directory(), id);
    LogRepair.run(id, files, replica.flushed());
    VoteRepair.run(id, files, replica.flushed());
    RaftGroupId group = groupOf(id);
    CompletableFuture<RatisLog> opened = new CompletableFuture<>();
    RatisStateMachine machine =
        new RatisStateMachine(
            id,
            replica,
            settings.tuning().purgeEvery(),
            settings.isAlone() ? 0 : settings.tuning().keepBytes(),
            cause -> failOnceOpened(opened, cause));
    try {
      RaftServer.Division division = groups.open(id, machine, RaftGroup.valueOf(group, first));
      RatisLog log = new RatisLog(this, id, group, replica, division);
      opened.complete(log);
      groups.letIn(group);
      return log;
    } catch (IOException | RuntimeException cause) {
      groups.abandon(group, machine);
      throw cause instanceof LogException ours
          ? ours
          : new LogException("Expected log " + id + " to open, but: " + cause, cause);
    }
  }

  /** A replica may fail before its log has been handed out; if it never is, open throws. */
  private static void failOnceOpened(CompletableFuture<RatisLog> opened, Throwable cause) {
    CompletableFuture<Void> unused = opened.thenAccept(log -> log.fail(cause));
  }

  @Override
  public synchronized @Nullable LogMembers members(LogId id) {
    RatisLog log = open.get(id);
    return log == null || log.isClosing()
        ? null
        : new RatisMembers(log, log.division(), groupOf(id));
  }

  @Override
  public boolean holds(LogId id) {
    return LogFiles.exist(directoryOf(settings.directory(), id));
  }

  @Override
  public void delete(LogId id) {
    awaitReleased(id);
    synchronized (this) {
      if (open.containsKey(id)) {
        throw new LogException("Expected log " + id + " to be closed, but it is open");
      }
    }
    LogFiles.delete(id, directoryOf(settings.directory(), id).resolveSibling(""));
  }

  /** Closes after a failure, without waiting. */
  void closeLater(RatisLog log) {
    background.execute(log::close);
  }

  /** Takes the log's group out of the server; its files are free afterwards. */
  void release(RatisLog log) {
    groups.release(log);
    synchronized (this) {
      open.remove(log.id(), log);
    }
  }

  @Override
  public void close() {
    List<RatisLog> logs;
    synchronized (this) {
      logs = List.copyOf(open.values());
    }
    CompletableFuture<?>[] done =
        logs.stream()
            .map(log -> CompletableFuture.runAsync(log::close, background))
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(done).orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException cause) {
      LOG.warn("The logs of {} did not all close in order", settings.nodeId(), cause);
    }
    try {
      groups.close();
      lock.close();
    } catch (IOException cause) {
      LOG.warn("The Raft server of {} did not close in order", settings.nodeId(), cause);
    }
    background.shutdown();
  }

  /** The same on every node, as it is made of the name. */
  static RaftGroupId groupOf(LogId id) {
    byte[] name = ("reprise/log/" + id.name()).getBytes(StandardCharsets.UTF_8);
    return RaftGroupId.valueOf(UUID.nameUUIDFromBytes(name));
  }

  /** Where the files of a log are. */
  static Path directoryOf(Path directory, LogId id) {
    return directory.resolve(groupOf(id).getUuid().toString()).resolve("current");
  }
}
