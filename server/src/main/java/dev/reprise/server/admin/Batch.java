package dev.reprise.server.admin;

import dev.reprise.server.ingress.Names;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.operations.Choice;
import dev.reprise.server.operations.InvocationOperations;
import dev.reprise.server.operations.InvocationOperations.Effect;
import dev.reprise.server.operations.Operation;
import dev.reprise.storage.model.InvocationId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One operation on many invocations, a few at a time; each succeeds or fails for itself. */
final class Batch {
  private static final int MOST = 1_000;
  private static final int AT_A_TIME = 32;

  private final Operation operation;
  private final Choice choice;
  private final List<InvocationId> ids;

  private Batch(Operation operation, Choice choice, List<InvocationId> ids) {
    this.operation = operation;
    this.choice = choice;
    this.ids = ids;
  }

  /** Reads the body. Throws {@link AdminError} as the API words it. */
  static Batch parse(Operation operation, JsonBody body) {
    List<String> texts = body.list("invocation_ids");
    if (texts.size() > MOST) {
      throw AdminError.of(
          400, null, "Expected at most " + MOST + " invocations, but got " + texts.size());
    }
    try {
      List<InvocationId> ids = new ArrayList<>();
      for (String text : texts) {
        ids.add(Names.id(text));
      }
      String deployment = body.text("deployment");
      Choice usual = Choice.usual(operation);
      return new Batch(
          operation,
          deployment == null || !operation.choosesDeployment()
              ? usual
              : usual.withDeployment(deployment),
          ids);
    } catch (Refused e) {
      throw AdminError.form(422, e.message());
    }
  }

  /** What became of each: {@code succeeded} and {@code failed}, in the order of the request. */
  CompletableFuture<ObjectNode> run(InvocationOperations operations) {
    List<CompletableFuture<Result>> results = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      InvocationId id = ids.get(i);
      CompletableFuture<?> before =
          i < AT_A_TIME ? CompletableFuture.completedFuture(null) : results.get(i - AT_A_TIME);
      results.add(before.thenCompose(ended -> one(operations, id)));
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApply(ended -> json(results.stream().map(CompletableFuture::join).toList()));
  }

  /** What became of one: an effect, or why there is none. */
  private record Result(InvocationId id, @Nullable Effect effect, String error) {}

  private CompletableFuture<Result> one(InvocationOperations operations, InvocationId id) {
    return operations
        .run(operation, id, choice)
        .thenApply(effect -> new Result(id, effect, ""))
        .exceptionally(problem -> new Result(id, null, message(problem)));
  }

  private static String message(Throwable problem) {
    return InvocationsApi.cause(problem) instanceof Refused refused
        ? refused.message()
        : "The operation failed: " + problem.getMessage();
  }

  private static ObjectNode json(List<Result> results) {
    ObjectNode json = AdminJson.MAPPER.createObjectNode();
    ArrayNode succeeded = json.putArray("succeeded");
    ArrayNode failed = json.putArray("failed");
    for (Result result : results) {
      Effect effect = result.effect();
      String id = result.id().toString();
      if (effect == null) {
        failed.addObject().put("invocation_id", id).put("error", result.error());
      } else if (effect.made() != null) {
        succeeded
            .addObject()
            .put("old_invocation_id", id)
            .put("new_invocation_id", effect.made().toString());
      } else {
        succeeded.add(id);
      }
    }
    return json;
  }
}
