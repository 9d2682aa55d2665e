package dev.reprise.cli;

import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl invocations}. */
@Command(
    name = "invocations",
    aliases = {"invocation", "inv"},
    description = "Invocations and why they wait.",
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
      @Option(names = "--json", description = "Print a JSON array.") boolean json) {
    if (limit < 1) {
      throw new CliException(
          CliException.USAGE, "--limit is " + limit, "give a number of rows from 1");
    }
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
    return 0;
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
    for (InvocationInfo row : rows) {
      ObjectNode json = array.addObject();
      json.put("id", row.getId()).put("target", row.getTarget()).put("status", row.getStatus());
      json.put("created_at", Instant.ofEpochMilli(row.getCreatedAtMillis()).toString());
      if (row.getScheduledAtMillis() > 0) {
        json.put("scheduled_at", Instant.ofEpochMilli(row.getScheduledAtMillis()).toString());
      }
      json.put("journal_length", Integer.toUnsignedLong(row.getJournalLength()));
      put(json, "deployment", row.getDeployment());
      put(json, "waiting_for", row.getWaitingFor());
    }
    return array;
  }

  private static void put(ObjectNode json, String field, String text) {
    if (!text.isEmpty()) {
      json.put(field, text);
    }
  }
}
