package dev.reprise.cluster.partition;

import dev.reprise.cluster.codec.CommandCodec;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.cluster.engine.PartitionStateMachine;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.table.Applied;
import dev.reprise.storage.table.Tables;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one partition: applies committed entries to the tables, and then hands what they
 * led to to whoever leads. Confined to the apply thread, but for what its methods say.
 */
public final class PartitionProcessor implements Replica {
  private final Rules rules;
  private final Tables tables;
  private final Flusher flusher;

  /** Null where nobody compares: what nobody asks for is not kept. */
  private final @Nullable StateHashes hashes;

  private final Leadership leadership;

  /**
   * The leader's side of a replica. Every method may be called from any thread and does not block.
   */
  public interface Leadership {
    void ready(long term);

    void lost();

    /** A proposal of this term has failed, or nobody knows what became of it. */
    void proposalFailed(long term, Throwable cause);

    /** This replica takes no part any more until it is opened again. */
    void closed(Throwable cause);

    /** Only while this replica leads does anybody need to know. */
    boolean interested();

    void applied(AppliedEntry entry);
  }

  /** What an entry does to the tables; in production {@link PartitionStateMachine}. */
  @FunctionalInterface
  interface Rules {
    PartitionStateMachine.Effects apply(LogEntry entry, long index, Tables tables);
  }

  /**
   * @param store belongs to this replica from now on; closed by whoever opened it
   * @param hashes null where there is nobody to compare with
   */
  PartitionProcessor(
      Rules rules,
      KeyValueStore store,
      Flusher flusher,
      @Nullable StateHashes hashes,
      Leadership leadership) {
    this.rules = rules;
    this.tables = new Tables(store);
    this.flusher = flusher;
    this.hashes = hashes;
    this.leadership = leadership;
  }

  @Override
  public LogPosition applied() {
    Applied applied = tables.applied();
    return new LogPosition(applied.term(), applied.index());
  }

  @Override
  public LogPosition flushed() {
    return flusher.flushed();
  }

  @Override
  public void apply(LogPosition at, byte[] bytes) {
    LogEntry entry = CommandCodec.decode(bytes);
    PartitionStateMachine.Effects effects = rules.apply(entry, at.index(), tables);
    tables.commit(at.term(), at.index());
    flusher.applied(at, bytes.length);
    if (hashes != null) {
      compare(hashes, at, entry);
    }
    if (leadership.interested()) {
      leadership.applied(
          new AppliedEntry(
              at.index(), entry.epoch(), entry.sequence(), effects.results(), effects.actions()));
    }
  }

  private void compare(StateHashes mine, LogPosition at, LogEntry entry) {
    for (Command command : entry.commands()) {
      if (command instanceof Command.CheckState check) {
        mine.compare(check);
      }
    }
    mine.applied(at.index(), tables.applied().hash());
  }

  @Override
  public void advanced(LogPosition at) {
    // Nothing to write: after a restart the log tells the same again.
  }

  @Override
  public void leaderReady(long term) {
    leadership.ready(term);
  }

  @Override
  public void leadershipLost() {
    leadership.lost();
  }

  @Override
  public void proposalFailed(long term, Throwable cause) {
    leadership.proposalFailed(term, cause);
  }

  @Override
  public void failed(Throwable cause) {
    leadership.closed(cause);
  }
}
