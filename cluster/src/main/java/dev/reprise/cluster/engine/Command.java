package dev.reprise.cluster.engine;

import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Pin;
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

  /** Goes on with a paused invocation. A user's own request: it means whoever has the id now. */
  record Resume(InvocationId id) implements Command {}

  /** Changes nothing: what is read after it was applied is current. */
  record Mark() implements Command {}
}
