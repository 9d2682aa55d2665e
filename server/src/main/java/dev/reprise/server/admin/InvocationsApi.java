package dev.reprise.server.admin;

import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.server.ingress.Names;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.operations.Choice;
import dev.reprise.server.operations.InvocationOperations;
import dev.reprise.server.operations.InvocationOperations.Effect;
import dev.reprise.server.operations.Operation;
import dev.reprise.storage.model.InvocationId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes of what a person may do to invocations, one or many. Never blocks. */
public final class InvocationsApi {
  private static final Logger LOG = LoggerFactory.getLogger(InvocationsApi.class);
  private static final String BATCHES = "invocations_batch_operations";

  private final InvocationOperations operations;

  public InvocationsApi(InvocationOperations operations) {
    this.operations = operations;
  }

  /** {@code /invocations/id[/operation]}. */
  void one(Exchange exchange, List<String> path) {
    switch (path.size()) {
      case 2 -> {
        AdminApi.expect(exchange, "DELETE");
        byMode(exchange, id(path.get(1)));
      }
      case 3 -> {
        Operation operation = operation(path.get(2));
        AdminApi.expect(exchange, "PATCH");
        one(exchange, operation, id(path.get(1)));
      }
      default -> throw AdminError.noSuchPath();
    }
  }

  private void one(Exchange exchange, Operation operation, InvocationId id) {
    Choice choice = choice(exchange, operation);
    var unused =
        operations
            .run(operation, id, choice)
            .thenApply(effect -> response(operation, effect))
            .exceptionally(InvocationsApi::error)
            .thenAccept(exchange::respond);
  }

  /** The older way: one method for three operations, taken whether or not there is anything. */
  private void byMode(Exchange exchange, InvocationId id) {
    String mode = Query.of(exchange).getOrDefault("mode", "cancel");
    Operation operation =
        switch (mode) {
          case "cancel", "Cancel" -> Operation.CANCEL;
          case "kill", "Kill" -> Operation.KILL;
          case "purge", "Purge" -> Operation.PURGE;
          default ->
              throw AdminError.form(
                  400, "Expected a mode of cancel, kill or purge, but got '" + mode + "'");
        };
    var unused =
        operations
            .run(operation, id, Choice.usual(operation))
            .thenApply(effect -> new Response(202))
            .exceptionally(
                problem -> {
                  Response error = error(problem);
                  return error.status() >= 500 ? error : new Response(202);
                })
            .thenAccept(exchange::respond);
  }

  /** {@code /internal/invocations_batch_operations/operation}. */
  void many(Exchange exchange, List<String> path) {
    if (path.size() != 3 || !path.get(1).equals(BATCHES)) {
      throw AdminError.noSuchPath();
    }
    Operation operation = operation(path.get(2));
    AdminApi.expect(exchange, "POST");
    Batch batch = Batch.parse(operation, JsonBody.of(exchange));
    var unused =
        batch
            .run(operations)
            .thenApply(json -> AdminJson.response(200, json))
            .exceptionally(InvocationsApi::error)
            .thenAccept(exchange::respond);
  }

  private static Choice choice(Exchange exchange, Operation operation) {
    Choice choice = Choice.usual(operation);
    Map<String, String> query = Query.of(exchange);
    String deployment = query.get("deployment");
    String from = query.get("from");
    try {
      if (deployment != null && operation.choosesDeployment()) {
        choice = choice.withDeployment(deployment);
      }
      if (from != null && operation == Operation.RESTART_AS_NEW) {
        choice = choice.withThroughIndex(Long.parseLong(from));
      }
    } catch (NumberFormatException e) {
      throw AdminError.form(
          400, "Expected a number in the query parameter from, but got '" + from + "'");
    } catch (Refused e) {
      throw AdminError.of(400, null, e.message());
    }
    return choice;
  }

  private static InvocationId id(String text) {
    try {
      return Names.id(text);
    } catch (Refused e) {
      throw AdminError.of(400, null, e.message());
    }
  }

  private static Operation operation(String text) {
    Operation operation = Operation.ofText(text);
    if (operation == null) {
      throw AdminError.noSuchPath();
    }
    return operation;
  }

  private static Response response(Operation operation, Effect effect) {
    if (effect.made() != null) {
      return AdminJson.response(
          200,
          AdminJson.MAPPER.createObjectNode().put("new_invocation_id", effect.made().toString()));
    }
    // A kill takes its way through what it called, but for its caller it is done.
    return new Response(effect.done() || operation == Operation.KILL ? 200 : 202);
  }

  static Throwable cause(Throwable problem) {
    return problem instanceof CompletionException && problem.getCause() != null
        ? problem.getCause()
        : problem;
  }

  static Response error(Throwable problem) {
    if (cause(problem) instanceof Refused refused) {
      return AdminError.json(refused.reason().status(), null, refused.message());
    }
    LOG.error("an operation failed", problem);
    return AdminError.json(500, null, "The operation failed; the server's log says why");
  }
}
