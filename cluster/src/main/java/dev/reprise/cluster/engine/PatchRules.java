package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.ObjectLock;
import dev.reprise.storage.table.TableId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Replacing an object's state from outside: never while an invocation has its key. */
final class PatchRules {
  /** Patches of one object that wait for its key. */
  private static final int LIMIT = 64;

  Result patch(Command.PatchState command, ApplyContext ctx) {
    ObjectId object = command.object();
    ObjectLock lock = ctx.tables().inbox().lock(object);
    if (lock == null) {
      return replace(object, command.patch(), ctx)
          ? Result.DONE
          : new Result.Rejected(
              Result.Rejection.OTHER_VERSION,
              "Expected state of the given version, but it has another");
    }
    if (lock.patches() > 0 && waits(object, command.patch(), ctx)) {
      return Result.REQUESTED;
    }
    if (lock.patches() >= LIMIT) {
      return new Result.Rejected(
          Result.Rejection.TOO_MANY,
          "Expected fewer than " + LIMIT + " changes to wait for the key, but there are as many");
    }
    ctx.tables().patches().insert(new Keys.Patch(object, ctx.nextPosition()), command.patch());
    ctx.tables().inbox().expectPatches(object, lock, lock.patches() + 1);
    return Result.REQUESTED;
  }

  private static boolean waits(ObjectId object, StatePatch patch, ApplyContext ctx) {
    return waiting(object, ctx).values().stream()
        .anyMatch(it -> it.request().equals(patch.request()));
  }

  private static Map<Keys.Patch, StatePatch> waiting(ObjectId object, ApplyContext ctx) {
    Map<Keys.Patch, StatePatch> waiting = new LinkedHashMap<>();
    ctx.tables()
        .patches()
        .scan(
            Layouts.prefixOf(TableId.PATCH, object),
            key -> key.object().equals(object),
            waiting::put);
    return waiting;
  }

  /** The key is handed on: what waited for that is done, in order. */
  static void applyWaiting(ObjectId object, ApplyContext ctx) {
    waiting(object, ctx)
        .forEach(
            (key, patch) -> {
              ctx.tables().patches().delete(key);
              replace(object, patch, ctx);
            });
  }

  /** Returns false, and changes nothing, when the state is not the one that was meant. */
  private static boolean replace(ObjectId object, StatePatch patch, ApplyContext ctx) {
    List<StateEntry> before = StateRules.entries(object, ctx.tables());
    String expected = patch.expectedVersion();
    if (expected != null && !expected.equals(StateVersion.of(before))) {
      return false;
    }
    Set<Bytes> kept = patch.entries().stream().map(StateEntry::key).collect(Collectors.toSet());
    List<StateEntry> dropped = new ArrayList<>(before);
    dropped.removeIf(it -> kept.contains(it.key()));
    dropped.forEach(it -> ctx.tables().state().delete(new Keys.State(object, it.key())));
    patch
        .entries()
        .forEach(it -> ctx.tables().state().put(new Keys.State(object, it.key()), it.value()));
    return true;
  }
}
