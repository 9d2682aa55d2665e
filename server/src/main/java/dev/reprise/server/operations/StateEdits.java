package dev.reprise.server.operations;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads and replaces the state of virtual objects and workflows. Any thread; never blocks. */
public final class StateEdits {
  private static final long READ_BYTES = 16L << 20;

  private final Supplier<Registry> registry;
  private final Ingress ingress;
  private final NewInvocations invocations;

  /**
   * Edits of a node.
   *
   * @param registry the newest one; never blocks
   */
  public StateEdits(Supplier<Registry> registry, Ingress ingress, NewInvocations invocations) {
    this.registry = registry;
    this.ingress = ingress;
    this.invocations = invocations;
  }

  /** The state now; fails with a {@link Refused}, also when there is more than a reply has room. */
  public CompletableFuture<List<StateEntry>> read(String service, String key) {
    CompletableFuture<List<StateEntry>> result = new CompletableFuture<>();
    ObjectId object = object(service, key);
    ingress.state(
        object,
        READ_BYTES,
        answer -> {
          if (!(answer instanceof Answer.State state)) {
            result.completeExceptionally(Answers.refusal(answer));
          } else if (state.complete()) {
            result.complete(state.entries());
          } else {
            result.completeExceptionally(
                new Refused(
                    Reason.BODY_TOO_LARGE,
                    "Expected a state of at most " + READ_BYTES + " bytes to show"));
          }
        });
    return result;
  }

  /**
   * Replaces the whole state; completes with false when an invocation has the key, and it is to be
   * done after it. Fails with a {@link Refused}.
   *
   * @param version of the state that it replaces; null when that does not matter
   */
  public CompletableFuture<Boolean> replace(
      String service, String key, @Nullable String version, List<StateEntry> entries) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    ObjectId object = object(service, key);
    ingress.patchState(
        object,
        new StatePatch(invocations.request(), version, sorted(entries)),
        answer -> {
          switch (answer) {
            case Answer.Done it -> result.complete(true);
            case Answer.Requested it -> result.complete(false);
            default -> result.completeExceptionally(Answers.refusal(answer));
          }
        });
    return result;
  }

  private ObjectId object(String name, String key) {
    ServiceRevision service = registry.get().service(name);
    if (service == null) {
      throw new Refused(
          Reason.SERVICE_NOT_FOUND, "The requested service '" + name + "' does not exist");
    }
    if (!service.kind().keyed()) {
      throw new Refused(
          Reason.MALFORMED_REQUEST,
          "Expected a virtual object or a workflow, but '" + name + "' has no state");
    }
    return new ObjectId(name, key);
  }

  private static List<StateEntry> sorted(List<StateEntry> entries) {
    Set<Object> keys = new HashSet<>();
    for (StateEntry entry : entries) {
      if (!keys.add(entry.key())) {
        throw new Refused(
            Reason.MALFORMED_REQUEST,
            "Expected each key once, but got '" + entry.key().toUtf8() + "' twice");
      }
    }
    Comparator<StateEntry> order =
        (a, b) -> Arrays.compareUnsigned(a.key().toArray(), b.key().toArray());
    return entries.stream().sorted(order).toList();
  }
}
