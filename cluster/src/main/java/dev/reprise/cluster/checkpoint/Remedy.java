package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.log.CannotApplyException;
import dev.reprise.cluster.log.LogDamagedException;
import dev.reprise.cluster.log.LogPurgedException;
import dev.reprise.cluster.log.StateDiffersException;
import dev.reprise.storage.kv.StorageException;

/** What heals a replica that stopped. */
sealed interface Remedy {
  /** To open it again: what stopped it may be over (a full disk). */
  record Reopen() implements Remedy {}

  /**
   * Another replica's state.
   *
   * @param atLeast the entry that must be in it
   * @param setAside whether its own store is damaged, and must not even be opened again
   */
  record Rebuild(long atLeast, boolean setAside) implements Remedy {}

  static Remedy of(Throwable problem) {
    return switch (problem) {
      case LogPurgedException purged -> new Rebuild(purged.firstHeld().index() - 1, false);
      case LogDamagedException damaged -> new Rebuild(damaged.lastHeld(), false);
      case StateDiffersException differs -> new Rebuild(differs.index(), true);
      case CannotApplyException unknown -> new Rebuild(unknown.at().index(), false);
      case RebuildWantedException wanted -> new Rebuild(wanted.index(), true);
      case StorageException stored ->
          stored.reason() == StorageException.Reason.CORRUPT ? new Rebuild(0, true) : new Reopen();
      default -> new Reopen();
    };
  }
}
