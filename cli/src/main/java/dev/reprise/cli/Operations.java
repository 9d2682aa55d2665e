package dev.reprise.cli;

import dev.reprise.api.admin.v1.ManageInvocationRequest;
import dev.reprise.api.admin.v1.ManageInvocationResponse;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One operation on some invocations; each succeeds or fails for itself. */
final class Operations {
  private static final int RESULT_COLUMN = 1;

  private final Output output;
  private final AdminRpc server;

  Operations(Output output, AdminRpc server) {
    this.output = output;
    this.server = server;
  }

  /** Does it, and says what became of each; the exit code is that of a failure if one failed. */
  int run(OperationOptions options, ManageInvocationRequest.Builder request) {
    Table table = new Table("INVOCATION", "RESULT");
    ArrayNode array = Output.JSON.createArrayNode();
    int exit = 0;
    String verb = request.getOperation().name().toLowerCase(Locale.ROOT).replace('_', '-');
    for (String id : options.ids()) {
      ObjectNode json = array.addObject().put("id", id);
      String result;
      try {
        ManageInvocationResponse response =
            server.ask(stub -> stub.manageInvocation(request.setId(id).build()));
        result = said(verb, response);
        json.put("done", response.getDone());
        if (!response.getNewInvocationId().isEmpty()) {
          json.put("new_id", response.getNewInvocationId());
        }
      } catch (CliException e) {
        if (e.exitCode() != CliException.FAILURE) {
          throw e;
        }
        exit = e.exitCode();
        result = "failed: " + e.getMessage();
        json.put("error", e.getMessage());
      }
      table.row(id, result);
    }
    if (options.json()) {
      output.json(array);
    } else {
      table.print(output, this::style);
    }
    return exit;
  }

  private static String said(String verb, ManageInvocationResponse response) {
    if (!response.getNewInvocationId().isEmpty()) {
      return verb + ": done, as " + response.getNewInvocationId();
    }
    return verb + (response.getDone() ? ": done" : ": asked for; its code has to see it");
  }

  private java.util.function.UnaryOperator<String> style(List<String> cells, int column) {
    if (column != RESULT_COLUMN) {
      return text -> text;
    }
    return cells.get(RESULT_COLUMN).startsWith("failed") ? output::red : output::green;
  }
}
