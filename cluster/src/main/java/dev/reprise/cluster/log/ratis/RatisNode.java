package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.LogPurgedException;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.log.ratis.transport.Doorman;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
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
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long SETTLE_MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long CLOSE_SECONDS = 30;

  private final RatisSettings settings;
  private final DirectoryLock lock;
  private final RaftServer server;
  private final Doorman doorman;
  private final ClientId client = ClientId.randomId();
  private final Map<RaftGroupId, RatisStateMachine> machines = new ConcurrentHashMap<>();

  /** Guarded by this. A log that is being closed stays here until its files are free. */
  private final Map<LogId, RatisLog> open = new HashMap<>();

  /** May block. Closing waits for Ratis's threads, on which a failure is noticed: never there. */
  private final ExecutorService background =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("log-background-", 0).factory());

  private RatisNode(RatisSettings settings, DirectoryLock lock) throws IOException {
    this.settings = settings;
    this.lock = lock;
    this.doorman = Doorman.of(settings.nodeId(), this::server, background);
    RaftProperties properties = RatisProperties.of(settings);
    Parameters parameters = new Parameters();
    GrpcConfigKeys.Server.setServicesCustomizer(parameters, doorman);
    secure(parameters, settings.tls());
    this.server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(settings.nodeId()))
            .setStateMachineRegistry(machines::get)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setProperties(properties)
            .setParameters(parameters)
            .build();
    RatisProperties.revealStorage(properties, settings.directory());
    this.server.start();
  }

  private RaftServer server() {
    return server;
  }

  /** Either side of a connection shows a certificate. */
  private static void secure(Parameters parameters, RatisSettings.@Nullable Tls tls) {
    if (tls != null) {
      GrpcConfigKeys.TLS.setConf(
          parameters,
          GrpcTlsConfig.newBuilder()
              .setKeyManager(tls.keys())
              .setTrustManager(tls.trust())
              .setMutualTls(true)
              // The JDK's asks our managers at every handshake.
              .setSslProvider(SslProvider.JDK)
              .build());
    }
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
    LogRepair.run(id, directoryOf(settings.directory(), id), replica.flushed());
    RaftGroupId group = groupOf(id);
    CompletableFuture<RatisLog> opened = new CompletableFuture<>();
    RatisStateMachine machine =
        new RatisStateMachine(
            id,
            replica,
            settings.tuning().purgeEvery(),
            settings.isAlone() ? 0 : settings.tuning().keepBytes(),
            cause -> failOnceOpened(opened, cause));
    machines.put(group, machine);
    try {
      add(RaftGroup.valueOf(group, first));
      RaftServer.Division division = server.getDivision(group);
      machine.leads(division);
      RatisLog log = new RatisLog(this, id, group, replica, division);
      expectEntriesAfter(id, machine.startedAt(), division);
      opened.complete(log);
      doorman.open(group);
      return log;
    } catch (IOException | RuntimeException cause) {
      abandon(group, machine);
      throw cause instanceof LogException ours
          ? ours
          : new LogException("Expected log " + id + " to open, but it did not", cause);
    }
  }

  /** A replica may fail before its log has been handed out; if it never is, open throws. */
  private static void failOnceOpened(CompletableFuture<RatisLog> opened, Throwable cause) {
    CompletableFuture<Void> unused = opened.thenAccept(log -> log.fail(cause));
  }

  private void add(RaftGroup members) throws IOException {
    RaftClientReply reply =
        server.groupManagement(
            GroupManagementRequest.newAdd(client, server.getId(), 0, members, false));
    if (!reply.isSuccess()) {
      throw reply.getException();
    }
  }

  /** Ratis would wait for ever for an entry that it has purged. */
  private static void expectEntriesAfter(
      LogId id, LogPosition applied, RaftServer.Division division) {
    RaftLog log = division.getRaftLog();
    long firstHeld = log.getStartIndex() + 1;
    if (log.getLastEntryTermIndex() != null && firstHeld > applied.index() + 1) {
      throw new LogPurgedException(id, applied, new LogPosition(0, firstHeld));
    }
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

  /** Leaves nothing behind of a group that did not start: Ratis itself keeps its file lock. */
  private void abandon(RaftGroupId group, RatisStateMachine machine) {
    doorman.close(group);
    remove(group);
    machines.remove(group);
    RaftStorage storage = machine.storage();
    if (storage != null) {
      try {
        storage.close();
      } catch (IOException cause) {
        LOG.warn("The directory of group {} stays locked", group, cause);
      }
    }
  }

  private void remove(RaftGroupId group) {
    try {
      server.groupManagement(
          GroupManagementRequest.newRemove(client, server.getId(), 0, group, false, false));
    } catch (IOException cause) {
      LOG.debug("Group {} is not there to be removed", group, cause);
    }
  }

  /** Closes after a failure, without waiting. */
  void closeLater(RatisLog log) {
    background.execute(log::close);
  }

  /**
   * Waits until a log that failed has had nothing to apply for a moment. Ratis's updater, when it
   * meets a closed log with entries to apply, closes the division itself; if that is already being
   * closed by another thread, it spins for ever.
   */
  private static void awaitSettled(RaftServer.Division division) {
    long now = System.nanoTime();
    long deadline = now + SETTLE_MAX_NANOS;
    long settledAt = now;
    while (now - settledAt < SETTLE_NANOS
        && now < deadline
        && !division.getInfo().getLifeCycleState().isClosingOrClosed()) {
      LockSupport.parkNanos(STEP_NANOS);
      now = System.nanoTime();
      long applied = division.getInfo().getLastAppliedIndex();
      if (applied < division.getRaftLog().getLastCommittedIndex()) {
        settledAt = now;
      }
    }
  }

  /** Takes the group out of the server; its files are free afterwards. */
  void release(RatisLog log) {
    RaftGroupId group = groupOf(log.id());
    RatisStateMachine machine = machines.get(group);
    doorman.close(group);
    if (log.hasFailed()) {
      awaitSettled(log.division());
    }
    if (machine != null) {
      background.execute(() -> LogWorkers.wakeOnceClosed(machine, log.division().getRaftLog()));
    }
    remove(group);
    machines.remove(group);
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
      server.close();
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
