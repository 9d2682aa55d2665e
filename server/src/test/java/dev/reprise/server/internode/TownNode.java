package dev.reprise.server.internode;

import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ratis.RatisNode;
import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.server.grpc.GrpcDoor;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.net.EventLoops;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.NewInvocation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One node of the town: partitions, a router, and the ways to the other nodes. */
final class TownNode implements Membership, AutoCloseable {
  private final Town town;
  private final NodeId id;
  private final RatisNode logs;
  private final EventLoops loops = EventLoops.open(1);
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Partition> partitions = new ArrayList<>();
  private final List<ReplicatedLog> opened = new CopyOnWriteArrayList<>();
  private final InternodeClient client;
  private final PartitionRouter router;
  private final InternodeService service;
  private final GrpcDoor door;
  private volatile ClusterView view = ClusterView.NOTHING;
  private final CompletableFuture<Void> killed = new CompletableFuture<>();
  private volatile boolean up = true;

  TownNode(Town town, NodeId id, RatisSettings settings) throws IOException {
    this.town = town;
    this.id = id;
    this.logs = RatisNode.start(settings);
    this.client = new InternodeClient(this, loops::loop, InternodeLimits.DEFAULTS, NodeTls.NONE);
    this.router =
        new PartitionRouter(
            town.ranges(),
            new PartitionRouter.Surroundings(
                loops::loop, System::nanoTime, Duration.ofSeconds(30), this, client, () -> null));
    this.service = new InternodeService(this, loops::loop, InternodeLimits.DEFAULTS);
    service.serve(router);
    this.door =
        GrpcDoor.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            NodeTls.NONE,
            List.of(),
            List.of(service),
            InternodeService.MESSAGE_BYTES);
  }

  void openPartitions() {
    for (int number = 0; number < town.ranges().partitions(); number++) {
      Partition partition = open(number);
      partitions.add(partition);
      router.open(partition);
    }
  }

  private Partition open(int number) {
    Partition.Environment environment =
        new Partition.Environment(
            loops.loop(number),
            PartitionSettings.of(id.toString()),
            town.services(),
            router,
            background,
            InstantSource.system(),
            System::nanoTime);
    return Partition.open(
        number,
        new MemoryStore(),
        replica -> {
          ReplicatedLog log = logs.open(LogId.partition(number), new Heralded(number, replica));
          opened.add(log);
          return log;
        },
        environment);
  }

  /** Tells the town when its replica begins to lead. */
  private final class Heralded implements Replica {
    private final int partition;
    private final Replica replica;

    Heralded(int partition, Replica replica) {
      this.partition = partition;
      this.replica = replica;
    }

    @Override
    public LogPosition applied() {
      return replica.applied();
    }

    @Override
    public LogPosition flushed() {
      return replica.flushed();
    }

    @Override
    public void apply(LogPosition at, byte[] entry) {
      replica.apply(at, entry);
    }

    @Override
    public void advanced(LogPosition at) {
      replica.advanced(at);
    }

    @Override
    public void leaderReady(long term) {
      replica.leaderReady(term);
      town.leads(id, partition, term);
    }

    @Override
    public void leadershipLost() {
      replica.leadershipLost();
    }

    @Override
    public void proposalFailed(long term, Throwable cause) {
      replica.proposalFailed(term, cause);
    }

    @Override
    public void failed(Throwable cause) {
      replica.failed(cause);
    }
  }

  // ---- membership ----

  @Override
  public NodeId self() {
    return id;
  }

  @Override
  public ClusterView view() {
    return view;
  }

  @Override
  public @Nullable NodeId leaderHint(int partition) {
    return town.leaderHint(partition);
  }

  @Override
  public Subscription onChange(Runnable changed) {
    listeners.add(changed);
    return () -> listeners.remove(changed);
  }

  void leadersChanged() {
    if (up) {
      listeners.forEach(Runnable::run);
    }
  }

  void know(ClusterView now) {
    view = now;
  }

  // ---- for stories ----

  NodeId id() {
    return id;
  }

  int internodePort() {
    return door.port();
  }

  PartitionRouter router() {
    return router;
  }

  InternodeClient client() {
    return client;
  }

  Partition partition(int number) {
    return partitions.get(number);
  }

  boolean isUp() {
    return up;
  }

  boolean leads(int partition) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    partitions.get(partition).leads(answer::complete);
    return answer.orTimeout(Town.DEADLINE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Hands leadership of the partition to another node, if it has it. */
  boolean stepDown(int partition) {
    return opened
        .get(partition)
        .stepDown()
        .orTimeout(Town.DEADLINE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  CompletableFuture<Ingress.Answer> call(NewInvocation asked) {
    return ask(answer -> router.call(asked, answer));
  }

  CompletableFuture<Ingress.Answer> ask(Consumer<Consumer<Ingress.Answer>> question) {
    CompletableFuture<Ingress.Answer> answer = new CompletableFuture<>();
    question.accept(
        given -> {
          if (!answer.complete(given)) {
            throw new IllegalStateException("Expected one answer, but got another: " + given);
          }
        });
    return answer.orTimeout(Town.DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Runs the task on the loop of the partition. */
  void onLoop(int partition, Runnable task) {
    loops.loop(partition).execute(task);
  }

  /** Whoever is connected to this node notices its end. */
  void whenKilled(Runnable noticed) {
    CompletableFuture<Void> unused = killed.thenRun(noticed);
  }

  /** It is gone without a word: its ports close, and nothing of it runs any more. */
  void kill() {
    if (up) {
      up = false;
      service.close();
      door.close();
      logs.close();
      client.close();
      loops.close();
      background.shutdownNow();
      killed.complete(null);
    }
  }

  @Override
  public void close() {
    if (up) {
      router.close();
      partitions.forEach(Partition::close);
      kill();
    }
  }
}
