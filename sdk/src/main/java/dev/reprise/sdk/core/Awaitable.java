package dev.reprise.sdk.core;

import dev.reprise.api.protocol.CombinatorType;
import dev.reprise.api.protocol.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a handler may wait for: one notification, or a combination. A combination decides itself the
 * moment that a notification allows it and keeps that decision, so a race inside something larger
 * is won by the order of the journal and not by what arrives later.
 *
 * <p>Nothing of this is written to the journal.
 */
public abstract sealed class Awaitable {
  /** Looks at the visible notifications; true from the moment that the outcome is known. */
  abstract boolean resolve(Notifications visible);

  abstract boolean failed();

  /** Names the notifications that could still change something. */
  abstract void unresolved(Consumer<NotificationId> found);

  /** As {@link #unresolved}, but keeps the shape: adds itself to what the parent waits for. */
  abstract void describe(Future.Builder parent);

  /** How many combinations stand in each other. */
  public abstract int depth();

  /** One notification. */
  public static final class Single extends Awaitable {
    private final @Nullable NotificationId id;
    private @Nullable NotificationResult result;

    Single(NotificationId id) {
      this.id = id;
    }

    private Single(NotificationResult result) {
      this.id = null;
      this.result = result;
    }

    /** Nothing has to arrive. */
    public static Single known(NotificationResult result) {
      return new Single(result);
    }

    @Override
    boolean resolve(Notifications visible) {
      if (result == null && id != null) {
        result = visible.take(id);
      }
      return result != null;
    }

    @Override
    boolean failed() {
      return result instanceof NotificationResult.Failed;
    }

    @Override
    void unresolved(Consumer<NotificationId> found) {
      if (result == null && id != null) {
        found.accept(id);
      }
    }

    @Override
    void describe(Future.Builder parent) {
      unresolved(
          open -> {
            switch (open) {
              case NotificationId.Completion it -> parent.addWaitingCompletions(it.id());
              case NotificationId.Signal it -> parent.addWaitingSignals(it.index());
              case NotificationId.NamedSignal it -> parent.addWaitingNamedSignals(it.name());
            }
          });
    }

    @Override
    public int depth() {
      return 0;
    }

    /** Only after an await said that it is resolved. */
    public NotificationResult result() {
      if (result == null) {
        throw new IllegalStateException("Expected a result for " + id + ", but none arrived yet");
      }
      return result;
    }
  }

  /** When a combination is decided. */
  public enum Rule {
    FIRST_COMPLETED(CombinatorType.FIRST_COMPLETED),
    ALL_COMPLETED(CombinatorType.ALL_COMPLETED),
    FIRST_SUCCEEDED_OR_ALL_FAILED(CombinatorType.FIRST_SUCCEEDED_OR_ALL_FAILED),
    ALL_SUCCEEDED_OR_FIRST_FAILED(CombinatorType.ALL_SUCCEEDED_OR_FIRST_FAILED);

    private final CombinatorType wire;

    Rule(CombinatorType wire) {
      this.wire = wire;
    }
  }

  /** Several, under a rule. */
  public static final class Combined extends Awaitable {
    private static final int OPEN = -2;

    /** Decided by all children together. */
    public static final int ALL = -1;

    private final Rule rule;
    private final List<Awaitable> children;
    private final int depth;
    private int decidedBy = OPEN;

    public Combined(Rule rule, List<Awaitable> children) {
      if (children.isEmpty()) {
        throw new IllegalArgumentException("Expected at least one future, but got none");
      }
      this.rule = rule;
      this.children = List.copyOf(children);
      this.depth = 1 + this.children.stream().mapToInt(Awaitable::depth).max().orElse(0);
    }

    /**
     * The child that decided, {@link #ALL} when it took all of them. Of several that are complete
     * when the await begins the first in the list counts.
     */
    public int decidedBy() {
      if (decidedBy == OPEN) {
        throw new IllegalStateException("Expected a decision, but the combination is open");
      }
      return decidedBy;
    }

    @Override
    boolean resolve(Notifications visible) {
      if (decidedBy != OPEN) {
        return true;
      }
      int resolved = 0;
      for (int i = 0; i < children.size(); i++) {
        Awaitable child = children.get(i);
        if (!child.resolve(visible)) {
          continue;
        }
        resolved++;
        if (decides(child)) {
          decidedBy = i;
          return true;
        }
      }
      if (resolved == children.size()) {
        decidedBy = ALL;
      }
      return decidedBy != OPEN;
    }

    private boolean decides(Awaitable resolvedChild) {
      return switch (rule) {
        case FIRST_COMPLETED -> true;
        case ALL_COMPLETED -> false;
        case FIRST_SUCCEEDED_OR_ALL_FAILED -> !resolvedChild.failed();
        case ALL_SUCCEEDED_OR_FIRST_FAILED -> resolvedChild.failed();
      };
    }

    @Override
    boolean failed() {
      return switch (rule) {
        case FIRST_COMPLETED -> children.get(decidedBy()).failed();
        case ALL_COMPLETED -> false;
        case FIRST_SUCCEEDED_OR_ALL_FAILED -> decidedBy() == ALL;
        case ALL_SUCCEEDED_OR_FIRST_FAILED -> decidedBy() != ALL;
      };
    }

    @Override
    void unresolved(Consumer<NotificationId> found) {
      if (decidedBy == OPEN) {
        children.forEach(child -> child.unresolved(found));
      }
    }

    @Override
    void describe(Future.Builder parent) {
      if (decidedBy != OPEN) {
        return;
      }
      var self = Future.newBuilder().setCombinatorType(rule.wire);
      children.forEach(child -> child.describe(self));
      parent.addNestedFutures(self);
    }

    @Override
    public int depth() {
      return depth;
    }
  }
}
