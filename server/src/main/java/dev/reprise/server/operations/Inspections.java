package dev.reprise.server.operations;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Inspection;
import dev.reprise.cluster.partition.Inspection.Listed;
import dev.reprise.cluster.partition.Question;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows the invocations of all partitions, whichever nodes lead them. Called on threads that may
 * block; throws {@link Refused} where a leader does not answer.
 */
public final class Inspections implements InvocationLister, InvocationDescriber {
  private static final int PAGE = 256;

  /** The router gives up earlier. */
  private static final long PATIENCE_SECONDS = 120;

  /** In all two seconds: what nodes tell each other takes far less. */
  private static final int TRIES = 20;

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

  private final Inspection inspection;

  /** Looks through this. */
  public Inspections(Inspection inspection) {
    this.inspection = inspection;
  }

  private static Answer await(Consumer<Consumer<Answer>> question) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    question.accept(answer::complete);
    try {
      return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new Refused(Reason.UNAVAILABLE, "a partition did not answer in time");
    }
  }

  @Override
  public void list(Query query, Predicate<Row> rows) {
    Limited limited = new Limited(query.limit(), rows);
    each(false, query.service(), limited);
    if (query.completed()) {
      each(true, query.service(), limited);
    }
  }

  /**
   * How many open invocations are pinned to a deployment, or may yet be by attempts under way.
   * Where it is no service's latest in this version of the registry and this is 0, none ever will
   * be.
   */
  public long uses(String deployment, long registryVersion) {
    long count = 0;
    for (int partition = 0; partition < inspection.partitions(); partition++) {
      int underWay = 0;
      InvocationId after = null;
      do {
        Answer.Uses found = uses(partition, new Question.Uses(deployment, registryVersion, after));
        underWay = Math.max(underWay, found.underWay());
        count += found.pinned();
        after = found.next().after();
      } while (after != null);
      count += underWay;
    }
    return count;
  }

  /** A leader whose copy of the registry is behind will have the newest in a moment. */
  private Answer.Uses uses(int partition, Question.Uses asked) {
    for (int left = TRIES; ; left--) {
      Answer answer = look(inspection, partition, asked);
      if (answer instanceof Answer.Uses found) {
        return found;
      }
      if (left == 0) {
        throw cannotBeLookedAt(partition);
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
  }

  /**
   * Waits until every partition follows rules for limits of this version or a later one; false when
   * one does not within seconds.
   */
  public boolean follow(long rulesVersion) {
    Question.Levels asked = new Question.Levels(null, 1, rulesVersion);
    for (int partition = 0; partition < inspection.partitions(); partition++) {
      for (int left = TRIES;
          !(look(inspection, partition, asked) instanceof Answer.Levels);
          left--) {
        if (left == 0) {
          return false;
        }
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    }
    return true;
  }

  static Answer look(Inspection inspection, int partition, Question.Look look) {
    return await(it -> inspection.look(partition, look, it));
  }

  static Refused cannotBeLookedAt(int partition) {
    return new Refused(Reason.UNAVAILABLE, "partition " + partition + " cannot be looked at now");
  }

  private void each(boolean completed, String service, Limited rows) {
    for (int partition = 0; partition < inspection.partitions(); partition++) {
      InvocationId after = null;
      do {
        Question.Page page =
            new Question.Page(completed, service, after, Math.min(PAGE, Math.max(1, rows.left)));
        if (!(look(inspection, partition, page) instanceof Answer.Page found)) {
          throw cannotBeLookedAt(partition);
        }
        found.rows().forEach(it -> rows.take(row(it)));
        after = found.next().after();
      } while (after != null && rows.left > 0);
    }
  }

  /** Stops when there are enough rows, or nobody wants more. */
  private static final class Limited {
    private final Predicate<Row> rows;
    private int left;

    Limited(int limit, Predicate<Row> rows) {
      this.left = limit;
      this.rows = rows;
    }

    void take(Row row) {
      if (left > 0) {
        left = rows.test(row) ? left - 1 : 0;
      }
    }
  }

  private static Row row(Listed listed) {
    return new Row(
        listed.id().toString(),
        listed.target(),
        listed.status(),
        listed.createdAtMillis(),
        listed.scheduledAtMillis(),
        listed.journalLength(),
        listed.deployment(),
        listed.waitingFor(),
        listed.scope(),
        listed.limitKey());
  }

  @Override
  public @Nullable Description describe(InvocationId id) {
    Answer answer = await(it -> inspection.describe(id, it));
    if (answer instanceof Answer.NotFound) {
      return null;
    }
    if (!(answer instanceof Answer.Described found)) {
      throw Answers.refusal(answer);
    }
    return new Description(
        row(found.row()),
        found.idempotencyKey(),
        found.protocolVersion(),
        entries(found.journal()),
        end(found.end()));
  }

  private static List<Entry> entries(List<Inspection.Entry> journal) {
    List<Entry> entries = new ArrayList<>();
    for (Inspection.Entry entry : journal) {
      String kind = MessageType.isCommand(entry.type()) ? "Command: " : "Notification: ";
      entries.add(
          new Entry(entries.size(), kind + MessageType.nameOf(entry.type()), entry.bytes()));
    }
    return entries;
  }

  private static @Nullable End end(Inspection.@Nullable End end) {
    return end == null
        ? null
        : new End(
            end.atMillis(),
            end.failed() ? new Failure(end.code(), end.message()) : null,
            end.outcomeExpiresAtMillis(),
            end.journalExpiresAtMillis());
  }
}
