package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.ObjectId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one partition's invocations at their endpoints: attempts, retries, and what they say. One
 * per epoch; confined to the partition's {@link Loop}. All work it holds can be read again from the
 * tables, so that dropping it loses nothing.
 */
public interface Invoker {
  /**
   * Runs the invocation until it ends, suspends or pauses through the log. Begins at once, or waits
   * in order where a bound is reached. An invocation that is run already is left as it is.
   *
   * @param input its whole journal where that is its input alone and at hand; otherwise null, and
   *     the journal is read through {@link Host#replay}
   */
  void run(Invocation invocation, @Nullable JournalEntry input);

  /**
   * A notification stands in the journal at this index. Unknown invocations are none of our
   * business.
   */
  void notify(InvocationId id, long incarnation, int index, JournalEntry notification);

  /**
   * This life of the invocation is over: resets its stream and forgets it at once. Unknown
   * invocations, and those of another life, are none of our business.
   */
  void abort(InvocationId id, long incarnation);

  /**
   * The invocation is to pause: an attempt that runs is asked to suspend, and says {@code Paused}
   * in place of being tried again; one that backs off or waits for its turn says so at once. What
   * {@link #run} is given with a status of {@code PAUSING} is to pause as well.
   */
  void pause(InvocationId id, long incarnation);

  /** The invocation is not to pause any more, and its next attempt is not to be waited for. */
  void hurry(InvocationId id, long incarnation);

  /** Ends every attempt and forgets all work: the epoch is over. */
  void close();

  /** All actions of a log entry have been given: write out what they caused. */
  void flush();

  /**
   * Whether {@link #run} can take one more of this service without growing beyond its bounds. After
   * an answer other than {@code FREE}, {@link Host#roomAgain} says when it is worth asking again.
   */
  Room room(String service);

  /** What there is room for. */
  enum Room {
    /** One more. */
    FREE,

    /** None of this service: the room that is left is for others. */
    SHARE_TAKEN,

    /** Nothing at all. */
    FULL
  }

  /**
   * What an invocation is doing here, for a person: running, backing off until when and why, ready.
   * Null when unknown.
   */
  @Nullable Activity activity(InvocationId id);

  /** The version of the registry by which the next attempt finds its way. */
  long registryVersion();

  /**
   * How many attempts are under way that may yet pin their invocations to this deployment. Once it
   * is no service's latest in the registry of {@link #registryVersion} and this is 0, there are no
   * further ones.
   */
  int mayPin(String deployment);

  /** What an invocation does at this moment. */
  record Activity(String status, String reason) {}

  /** What an invoker needs of its partition; implemented by the leader. Confined to the loop. */
  interface Host {
    /** The epoch that attempts belong to. */
    long epoch();

    Loop loop();

    /** The leader's clock, in milliseconds since the epoch of 1970. */
    long nowMillis();

    /**
     * Proposes what an attempt said. The answer comes on the loop once it is applied, before the
     * actions that it caused; it never comes when the epoch ends first, for then the invoker is
     * closed.
     */
    void propose(Command.AttemptSaid said, Consumer<Result> answer);

    /**
     * Whether attempts that need the outbox may speak now: false while a receiving partition has
     * too many messages waiting.
     */
    boolean outboxHasRoom(int receiver);

    /**
     * Reads what a new attempt must be told, at one moment.
     *
     * @return null when the invocation is not open any more
     */
    @Nullable Replay replay(InvocationId id, long incarnation);

    /**
     * An object's state as it is now, as far as {@code limitBytes} of keys and values go. For an
     * invocation whose journal is at hand and has no step yet.
     */
    Replay.State state(ObjectId object, long limitBytes);

    /** There is room again after {@link Invoker#room} said that there was none. */
    void roomAgain();
  }
}
