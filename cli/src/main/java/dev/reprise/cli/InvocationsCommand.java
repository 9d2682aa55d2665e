package dev.reprise.cli;

import dev.reprise.api.admin.v1.DescribeInvocationRequest;
import dev.reprise.api.admin.v1.InvocationDetail;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import dev.reprise.api.admin.v1.ManageInvocationRequest;
import dev.reprise.api.admin.v1.ManageInvocationRequest.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/** {@code restatectl invocations}. */
@Command(
    name = "invocations",
    aliases = {"invocation", "inv"},
    description = "Invocations, why they wait, and what can be done to them.",
    mixinStandardHelpOptions = true)
final class InvocationsCommand {
  private static final int STATUS_COLUMN = 2;

  private final Output output;
  private final ServerOptions server;

  InvocationsCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(
      name = "describe",
      aliases = "get",
      description = "One invocation and its journal.",
      mixinStandardHelpOptions = true)
  int describe(
      @Parameters(paramLabel = "ID", description = "Of the invocation.") String id,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    InvocationDetail detail =
        server
            .adminRpc()
            .ask(
                stub ->
                    stub.describeInvocation(
                        DescribeInvocationRequest.newBuilder().setId(id).build()));
    InvocationView view = new InvocationView(output, detail);
    if (json) {
      output.json(view.json());
    } else {
      view.print();
    }
    return 0;
  }

  @Command(
      name = "cancel",
      description = "Asks invocations to stop and clean up; ends those that have not started.",
      mixinStandardHelpOptions = true)
  int cancel(@Mixin OperationOptions options) {
    return operate(Operation.CANCEL, options, "", 0);
  }

  @Command(
      name = "kill",
      description = "Ends invocations now, and all that they called.",
      mixinStandardHelpOptions = true)
  int kill(@Mixin OperationOptions options) {
    return operate(Operation.KILL, options, "", 0);
  }

  @Command(
      name = "purge",
      description = "Forgets completed invocations.",
      mixinStandardHelpOptions = true)
  int purge(
      @Mixin OperationOptions options,
      @Option(names = "--journal", description = "Forget only their journals.") boolean journal) {
    return operate(journal ? Operation.PURGE_JOURNAL : Operation.PURGE, options, "", 0);
  }

  @Command(
      name = "pause",
      description = "Lets invocations begin no further attempt.",
      mixinStandardHelpOptions = true)
  int pause(@Mixin OperationOptions options) {
    return operate(Operation.PAUSE, options, "", 0);
  }

  @Command(
      name = "resume",
      description = "Lets paused invocations go on, and those that back off at once.",
      mixinStandardHelpOptions = true)
  int resume(
      @Mixin OperationOptions options,
      @Option(
              names = "--deployment",
              paramLabel = "DEPLOYMENT",
              defaultValue = "",
              description = "keep (the default), latest, or a deployment's id.")
          String deployment) {
    return operate(Operation.RESUME, options, deployment, 0);
  }

  @Command(
      name = "restart",
      aliases = "restart-as-new",
      description = "Makes new invocations of completed ones.",
      mixinStandardHelpOptions = true)
  int restart(
      @Mixin OperationOptions options,
      @Option(
              names = "--deployment",
              paramLabel = "DEPLOYMENT",
              defaultValue = "",
              description = "latest (the default), keep, or a deployment's id.")
          String deployment,
      @Option(
              names = "--from",
              paramLabel = "INDEX",
              defaultValue = "0",
              description = "Copy the journal through this entry. Default: only the input.")
          int from) {
    if (from < 0) {
      throw new CliException(
          CliException.USAGE,
          "Expected an index from 0 for --from, but got " + from,
          "restatectl invocations describe ID shows the journal");
    }
    return operate(Operation.RESTART, options, deployment, from);
  }

  private int operate(
      Operation operation, OperationOptions options, String deployment, int throughIndex) {
    return new Operations(output, server.adminRpc())
        .run(
            options,
            ManageInvocationRequest.newBuilder()
                .setOperation(operation)
                .setDeployment(deployment)
                .setThroughIndex(throughIndex));
  }

  @Command(
      name = "list",
      aliases = "ls",
      description = "Open invocations, with --all also completed ones.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--service", paramLabel = "S", defaultValue = "", description = "Only of S.")
          String service,
      @Option(names = "--all", description = "Also completed ones that are still kept.")
          boolean all,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "1000",
              description = "At most N rows. Default: ${DEFAULT-VALUE}")
          int limit,
      @Mixin WatchOption watch,
      @Option(names = "--json", description = "Print a JSON array.") boolean json) {
    if (limit < 1) {
      throw new CliException(
          CliException.USAGE,
          "Expected a number of rows from 1 for --limit, but got " + limit,
          "leave it away for 1000");
    }
    return watch.show(output, () -> list(service, all, limit, json));
  }

  private void list(String service, boolean all, int limit, boolean json) {
    List<InvocationInfo> rows = new ArrayList<>();
    server
        .adminRpc()
        .list(
            ListInvocationsRequest.newBuilder()
                .setService(service)
                .setIncludeCompleted(all)
                .setLimit(limit)
                .build(),
            rows::add);
    if (json) {
      output.json(json(rows));
    } else if (rows.isEmpty()) {
      output.line(all ? "no invocations" : "no open invocations; --all shows completed ones too");
    } else {
      print(rows);
      if (rows.size() == limit) {
        output.line(output.dim("there may be more than " + limit + "; see --limit"));
      }
    }
  }

  private void print(List<InvocationInfo> rows) {
    Table table =
        new Table("INVOCATION", "TARGET", "STATUS", "AGE", "JOURNAL", "DEPLOYMENT", "WAITS FOR");
    for (InvocationInfo row : rows) {
      table.row(
          row.getId(),
          row.getTarget(),
          row.getStatus(),
          output.age(row.getCreatedAtMillis()),
          Integer.toUnsignedString(row.getJournalLength()),
          row.getDeployment().isEmpty() ? "-" : row.getDeployment(),
          waitsFor(row));
    }
    table.print(
        output,
        (cells, column) ->
            column == STATUS_COLUMN
                ? style(cells.get(STATUS_COLUMN))
                : UnaryOperator.<String>identity());
  }

  private String waitsFor(InvocationInfo row) {
    if (row.getScheduledAtMillis() == 0) {
      return row.getWaitingFor();
    }
    long left = row.getScheduledAtMillis() - output.clock().millis();
    return left > 0 ? "its start in " + Output.span(left) : "its start";
  }

  private UnaryOperator<String> style(String status) {
    return switch (status) {
      case "running" -> output::green;
      case "backing-off", "paused" -> output::red;
      case "completed" -> output::dim;
      default -> output::yellow;
    };
  }

  private static ArrayNode json(List<InvocationInfo> rows) {
    ArrayNode array = Output.JSON.createArrayNode();
    rows.forEach(row -> InvocationView.put(array.addObject(), row));
    return array;
  }
}
