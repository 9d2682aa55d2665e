package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.LogPurgedException;
import dev.reprise.cluster.log.ratis.transport.Doorman;
import dev.reprise.cluster.log.ratis.transport.HeedingRpcType;
import dev.reprise.cluster.log.ratis.transport.SilentVoters;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ratis's server, and how a group comes into it and goes out of it again. Any thread. */
final class RatisGroups implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RatisGroups.class);
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long SETTLE_MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WATCH_MILLIS = 1_000;
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final RaftServer server;
  private final Doorman doorman;
  private final Executor background;
  private final ClientId client = ClientId.randomId();
  private final Map<RaftGroupId, RatisStateMachine> machines = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Starts the server without any group.
   *
   * @param background may block
   */
  RatisGroups(RatisSettings settings, Executor background) throws IOException {
    this.background = background;
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
    if (!settings.isAlone()) {
      watch(new SilentVoters(server, System::nanoTime, background));
    }
  }

  /** Once a second, until it is closed. */
  private void watch(SilentVoters voters) {
    CompletableFuture.delayedExecutor(WATCH_MILLIS, TimeUnit.MILLISECONDS, background)
        .execute(
            () -> {
              if (!closed) {
                try {
                  voters.look();
                  HeedingRpcType.look(server, background);
                } catch (RuntimeException e) {
                  LOG.warn("The connections to other servers were not looked at", e);
                }
                watch(voters);
              }
            });
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
   * Opens a group; nobody else's requests come through to it yet. When it throws, the group is to
   * be abandoned.
   *
   * @throws LogPurgedException if the log begins after what the machine has applied
   */
  RaftServer.Division open(LogId id, RatisStateMachine machine, RaftGroup group)
      throws IOException {
    machines.put(group.getGroupId(), machine);
    add(group);
    RaftServer.Division division = server.getDivision(group.getGroupId());
    machine.leads(division);
    expectEntriesAfter(id, machine.startedAt(), division);
    return division;
  }

  /** From now on the other servers' requests come through. */
  void letIn(RaftGroupId group) {
    doorman.open(group);
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

  /** Leaves nothing behind of a group that did not start: Ratis itself keeps its file lock. */
  void abandon(RaftGroupId group, RatisStateMachine machine) {
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
    RaftGroupId group = RatisNode.groupOf(log.id());
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
  }

  /** The groups are closed by then. */
  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
  }
}
