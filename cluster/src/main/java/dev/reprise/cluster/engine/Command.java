package dev.reprise.cluster.engine;

import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.model.TimerKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can change a partition. One log entry carries a batch of them; the rules see them
 * one by one. A command is harmless when it is applied twice, late, or out of an old epoch.
 */
public sealed interface Command {

  /** A replica has become leader; its entry's index is the new epoch, and older epochs are over. */
  record AnnounceLeader(String node) implements Command {}

  /** Create this invocation, unless it is there already. */
  record Invoke(NewInvocation invocation) implements Command {}

  /**
   * Everything an attempt said since it last spoke, up to where it needs the log.
   *
   * @param incarnation which life of the id the attempt was begun for
   * @param firstCommand how many journal commands came before; a gap changes nothing
   * @param pin what the attempt runs on, kept with the first thing that is said; null where nothing
   *     could be found to run on, and only that is said
   */
  record AttemptSaid(
      InvocationId id,
      long incarnation,
      AttemptId attempt,
      int firstCommand,
      @Nullable Pin pin,
      List<Statement> statements)
      implements Command {
    public AttemptSaid {
      statements = List.copyOf(statements);
    }
  }

  /** The leader's clock reached these. */
  record FireTimers(List<TimerKey> timers) implements Command {
    public FireTimers {
      timers = List.copyOf(timers);
    }
  }

  /**
   * Messages from another partition, the first of which has this sequence.
   *
   * @param firstSequence from 1, contiguous per pair of sender and receiver
   */
  record Deliver(int sender, long firstSequence, List<OutboxMessage> messages) implements Command {
    public Deliver {
      messages = List.copyOf(messages);
    }
  }

  /** The receiver has these, from the first to the last, and will never ask for them again. */
  record TruncateOutbox(int receiver, long fromSequence, long throughSequence) implements Command {}

  /** Forget what was kept until now at the latest: these rows of the expiry index. */
  record PurgeExpired(List<TimerKey> expired) implements Command {
    public PurgeExpired {
      expired = List.copyOf(expired);
    }
  }

  /**
   * A signal from a client, for whoever has the id now. An awakeable's first value counts; the same
   * request gets its first answer again.
   */
  record SendSignal(InvocationId id, Signal signal, RequestId request) implements Command {}

  /** What a person may do to an invocation. */
  sealed interface Operation extends Command {
    /** Whom it is about: whoever has the id now. */
    InvocationId id();
  }

  /**
   * Asks the code to stop and clean up; ends what has not started.
   *
   * @param request so that it is not asked twice
   */
  record Cancel(InvocationId id, RequestId request) implements Operation {}

  /**
   * Ends it now, and all that it called.
   *
   * @param partitions how many there are, to find those that it called; whoever brings the command
   *     to its partition fills it in
   */
  record Kill(InvocationId id, int partitions) implements Operation {
    public Kill(InvocationId id) {
      this(id, 1);
    }
  }

  /** Forgets an invocation that has ended. */
  record Purge(InvocationId id) implements Operation {}

  /** Forgets the journal of an invocation that has ended. */
  record PurgeJournal(InvocationId id) implements Operation {}

  /** Lets the present attempt come to a rest, and begins no other. */
  record Pause(InvocationId id) implements Operation {}

  /**
   * Goes on with a paused or suspended invocation, or takes a pause back; hurries one that backs
   * off.
   *
   * @param pin what it is to run on from now on, of the same protocol version; null keeps that
   */
  record Resume(InvocationId id, @Nullable Pin pin) implements Operation {}

  /**
   * Makes a new invocation of an ended one's input, or of a piece of its journal.
   *
   * @param id whose journal
   * @param newId of the same partition key
   * @param request what makes the new one; the same request gets its first answer again
   * @param throughIndex the last journal entry to copy; 0 copies no more than the input. The
   *     completions of copied journal commands are copied wherever they are
   * @param pin what it is to run on; null lets its first attempt decide, where only the input is
   *     copied
   * @param randomSeed what the handler's random numbers start from; a copied journal keeps the old
   */
  record Restart(
      InvocationId id,
      InvocationId newId,
      RequestId request,
      int throughIndex,
      @Nullable Pin pin,
      long randomSeed)
      implements Operation {}

  /** Decides a workflow's promise, if it is open; the same request gets its first answer again. */
  record CompletePromise(ObjectId workflow, String key, Outcome outcome, RequestId request)
      implements Command {}

  /** Replaces an object's state, at once or when its key is handed on. */
  record PatchState(ObjectId object, StatePatch patch) implements Command {}

  /** The rules for limits are these from now on, if they are newer than those that are known. */
  record SetLimitRules(LimitRules rules) implements Command {}

  /** Gives free places at these levels to invocations that wait for them. */
  record FillLimits(List<LimitLevel> levels) implements Command {
    public FillLimits {
      levels = List.copyOf(levels);
    }
  }

  /** From here on entries have the meaning of this version; a lower one is ignored. */
  record RaiseRules(int version) implements Command {}

  /** Changes nothing: what is read after it was applied is current. */
  record Mark() implements Command {}

  /**
   * Changes nothing: the leader says what its state hashed to after an earlier entry, and every
   * replica compares its own.
   */
  record CheckState(long index, long hash) implements Command {}
}
