package dev.reprise.cluster.metadata;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.membership.ClusterMachine;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.metadata.MetadataCodec.Entry;
import dev.reprise.cluster.metadata.MetadataCodec.Head;
import dev.reprise.cluster.metadata.MetadataCodec.Request;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.KeyWriter;
import dev.reprise.storage.kv.WriteBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One copy of the registry and of the cluster's description: applies the metadata log to a store of
 * its own and shows the newest of both to everybody.
 *
 * <p>Rows: {@code 0x01} is the head (position and version), {@code 0x02 | id} is a deployment,
 * {@code 0x03} are the rules for limits, {@code 0x10} is the cluster. A change and its position are
 * written together, so that a crash loses both or neither.
 *
 * <p>Longer than most: what is applied and what is proposed meet in the answers that are waited
 * for.
 *
 * <p>Unlike a partition's commands, these do not build on each other: when one proposal fails, the
 * next may be made in the same term.
 */
public final class MetadataReplica implements Replica, Registrar {
  private static final Logger LOG = LoggerFactory.getLogger(MetadataReplica.class);
  private static final long FORWARDED_SECONDS = 30;
  private static final byte[] HEAD = {0x01};
  private static final int DEPLOYMENT = 0x02;
  private static final byte[] CLUSTER = {0x10};
  private static final byte[] RULES = {0x03};

  private final KeyValueStore store;
  private final RandomGenerator random;
  private final Map<Request, CompletableFuture<MetadataResult>> waiting = new ConcurrentHashMap<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final Object writing = new Object();
  private final Object proposing = new Object();

  private volatile Registry registry;
  private volatile ClusterView cluster;
  private volatile LogPosition applied;
  private volatile LogPosition flushed;
  private volatile @Nullable ReplicatedLog log;
  private volatile Forwarder forwarder = Forwarder.NOBODY;
  private volatile Runnable onCluster = () -> {};
  private volatile Consumer<RuleBook> watcher = rules -> {};

  /** 0 while this replica does not lead. */
  private volatile long term;

  /**
   * Reads what the store remembers.
   *
   * @param random draws the names of proposals; used under a lock
   */
  public MetadataReplica(KeyValueStore store, RandomGenerator random) {
    this.store = store;
    this.random = random;
    byte[] bytes = store.get(HEAD);
    Head head = bytes == null ? new Head(LogPosition.NOTHING, 0) : MetadataCodec.head(bytes);
    this.applied = head.applied();
    this.flushed = head.applied();
    byte[] described = store.get(CLUSTER);
    this.cluster = described == null ? ClusterView.NOTHING : MetadataCodec.cluster(described);
    byte[] rules = store.get(RULES);
    this.registry =
        MetadataMachine.registryOf(head.registryVersion(), stored(store))
            .with(
                head.registryVersion(),
                rules == null ? RuleBook.EMPTY : MetadataCodec.ruleBook(rules));
  }

  /**
   * Tells of the rules for limits, now and whenever they change, on the thread that applies, which
   * must not be blocked.
   */
  public void watchRules(Consumer<RuleBook> told) {
    watcher = told;
    told.accept(registry.rules());
  }

  /** Connects the log that this replica was given to; once, before it can lead. */
  public void connect(ReplicatedLog itsLog) {
    this.log = itsLog;
  }

  /**
   * Connects the other nodes; once, before anything is proposed here.
   *
   * @param onChange called on the apply thread after each change of the cluster's description; must
   *     not block
   */
  public void connect(Forwarder others, Runnable onChange) {
    this.forwarder = others;
    this.onCluster = onChange;
  }

  @Override
  public Registry registry() {
    return registry;
  }

  /** The newest description of the cluster that this node knows. Never blocks. */
  public ClusterView cluster() {
    return cluster;
  }

  /**
   * Where this replica leads, the command goes into its log; otherwise to the node that does. It is
   * answered when it is applied here.
   */
  @Override
  public CompletableFuture<MetadataResult> propose(MetadataCommand command) {
    CompletableFuture<MetadataResult> answer = new CompletableFuture<>();
    Request request;
    synchronized (proposing) {
      request = new Request(random.nextLong(), random.nextLong());
    }
    byte[] entry = MetadataCodec.entry(new Entry(request, command));
    ReplicatedLog to = log;
    if (to != null && entry.length > to.maxEntryBytes()) {
      return CompletableFuture.completedFuture(tooLarge(entry.length, to.maxEntryBytes()));
    }
    waiting.put(request, answer);
    // However it ends, also by a time-out of whoever waits, it must not be remembered for ever.
    var unused = answer.whenComplete((result, problem) -> waiting.remove(request));
    if (append(entry)) {
      if (term == 0) {
        answer.completeExceptionally(lost());
      }
    } else {
      forward(entry, answer);
    }
    return answer;
  }

  /**
   * Puts an entry that some node made into the log, if this replica leads. Its fate is known when
   * it is applied. Any thread.
   *
   * @return false when this replica does not lead
   */
  public boolean append(byte[] entry) {
    synchronized (proposing) {
      ReplicatedLog to = log;
      long now = term;
      if (to == null || now == 0) {
        return false;
      }
      to.propose(now, entry);
      return true;
    }
  }

  private void forward(byte[] entry, CompletableFuture<MetadataResult> answer) {
    var unused =
        forwarder
            .forward(entry)
            .whenComplete(
                (done, problem) -> {
                  if (problem != null) {
                    answer.completeExceptionally(
                        problem instanceof MetadataUnavailableException ? problem : lost());
                  } else {
                    answer.orTimeout(FORWARDED_SECONDS, TimeUnit.SECONDS);
                  }
                });
  }

  @Override
  public LogPosition applied() {
    return applied;
  }

  @Override
  public LogPosition flushed() {
    return flushed;
  }

  /** Makes everything applied before this call survive a crash. Blocks; never the apply thread. */
  public void flush() {
    LogPosition upTo;
    synchronized (writing) {
      upTo = applied;
      if (upTo.equals(flushed)) {
        return;
      }
      WriteBatch batch = new WriteBatch();
      batch.put(HEAD, MetadataCodec.head(new Head(upTo, registry.version())));
      store.write(batch);
    }
    store.flush();
    flushed = upTo;
  }

  /** Makes a checkpoint of everything applied before this call. Blocks; never the apply thread. */
  public void checkpoint(Path directory) {
    flush();
    store.checkpoint(directory);
  }

  @Override
  public void apply(LogPosition at, byte[] bytes) {
    Entry entry = MetadataCodec.entry(bytes);
    MetadataResult result =
        switch (entry.command()) {
          case ChangeCluster change -> applyToCluster(at, change);
          case MetadataCommand.CatchUp catchUp -> {
            advanced(at);
            yield new MetadataResult.CaughtUp();
          }
          default -> applyToRegistry(at, entry.command());
        };
    CompletableFuture<MetadataResult> answer = waiting.get(entry.request());
    if (answer != null) {
      answer.complete(result);
    }
  }

  private MetadataResult applyToCluster(LogPosition at, ChangeCluster command) {
    ClusterMachine.Step step = ClusterMachine.apply(cluster, command.change());
    boolean changed = step.view().version() != cluster.version();
    WriteBatch batch = new WriteBatch();
    if (changed) {
      batch.put(CLUSTER, MetadataCodec.cluster(step.view()));
    }
    batch.put(HEAD, MetadataCodec.head(new Head(at, registry.version())));
    synchronized (writing) {
      store.write(batch);
      applied = at;
      cluster = step.view();
    }
    if (changed) {
      tell(step.view(), command.change());
      onCluster.run();
    }
    String rejection = step.rejection();
    return rejection == null
        ? new MetadataResult.Described(step.view())
        : new MetadataResult.Rejected(MetadataResult.Rejected.Kind.CONFLICT, null, rejection);
  }

  /** A cluster of one has nothing to tell its people. */
  private static void tell(ClusterView now, ClusterCommand change) {
    LOG.debug("the cluster has version {} by {}", now.version(), change);
    if (now.members().size() > 1) {
      LOG.info("the cluster has version {}: {}", now.version(), change.words());
    }
  }

  private MetadataResult applyToRegistry(LogPosition at, MetadataCommand command) {
    MetadataMachine.Step step = MetadataMachine.apply(registry, command);
    WriteBatch batch = new WriteBatch();
    Deployment changed = step.changed();
    if (changed != null) {
      batch.put(key(changed.id()), MetadataCodec.deployment(changed));
    }
    Deployment removed = step.removed();
    if (removed != null) {
      batch.delete(key(removed.id()));
    }
    RuleBook rules = step.registry().rules();
    boolean newRules = rules.version() != registry.rules().version();
    if (newRules) {
      batch.put(RULES, MetadataCodec.ruleBook(rules));
    }
    batch.put(HEAD, MetadataCodec.head(new Head(at, step.registry().version())));
    synchronized (writing) {
      store.write(batch);
      applied = at;
      registry = step.registry();
    }
    if (newRules) {
      // Before whoever asked is answered: what that one does next meets the new rules.
      watcher.accept(rules);
    }
    if (changed != null) {
      LOG.info("deployment {} at {} is registered", changed.id(), changed.address().text());
    } else if (removed != null) {
      LOG.info("deployment {} at {} is removed", removed.id(), removed.address().text());
    }
    return step.result();
  }

  @Override
  public void advanced(LogPosition at) {
    // Written by the next change or flush: an entry of the log's own may be told again.
    applied = at;
  }

  @Override
  public void leaderReady(long newTerm) {
    term = newTerm;
  }

  /** Whether this replica leads, so that {@link #propose} can succeed. */
  public boolean leads() {
    return term != 0;
  }

  @Override
  public void leadershipLost() {
    term = 0;
    failWaiting();
  }

  @Override
  public void proposalFailed(long failedTerm, Throwable cause) {
    LOG.warn("a metadata proposal of term {} failed: {}", failedTerm, cause.toString());
    failWaiting();
  }

  @Override
  public void failed(Throwable cause) {
    LOG.error("the metadata log cannot go on", cause);
    term = 0;
    failWaiting();
    failure.complete(cause);
  }

  /**
   * Completes, with why, when the log or the store cannot go on: no change is taken until another
   * replica is opened in this one's place.
   */
  public CompletableFuture<Throwable> failure() {
    return failure.copy();
  }

  private void failWaiting() {
    for (CompletableFuture<MetadataResult> answer : List.copyOf(waiting.values())) {
      answer.completeExceptionally(lost());
    }
  }

  private static MetadataUnavailableException lost() {
    return new MetadataUnavailableException(
        "Expected the change to be committed, but its fate is unknown; asking for it again is"
            + " harmless");
  }

  private static MetadataResult tooLarge(int bytes, int limit) {
    return new MetadataResult.Rejected(
        MetadataResult.Rejected.Kind.MISFIT,
        "META0013",
        "Expected a manifest that fits into " + limit + " bytes, but it takes " + bytes);
  }

  private static byte[] key(String id) {
    return new KeyWriter().uint8(DEPLOYMENT).string(id).toBytes();
  }

  private static List<Deployment> stored(KeyValueStore store) {
    byte[] prefix = {DEPLOYMENT};
    List<Deployment> deployments = new ArrayList<>();
    try (Cursor rows = store.scan(prefix, KeyWriter.successorOfPrefix(prefix))) {
      while (rows.next()) {
        deployments.add(MetadataCodec.deployment(rows.value()));
      }
    }
    return deployments;
  }
}
