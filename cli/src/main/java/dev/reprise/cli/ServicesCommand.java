package dev.reprise.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl services}. */
@Command(
    name = "services",
    aliases = {"service", "svc"},
    description = "Services, as their latest deployment serves them.",
    mixinStandardHelpOptions = true)
final class ServicesCommand {
  private final Output output;
  private final ServerOptions server;

  ServicesCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(
      name = "list",
      aliases = "ls",
      description = "All services.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "Print a JSON array.") boolean json) {
    JsonNode services = server.adminHttp().get("/services").json().path("services");
    if (json) {
      output.json(services);
      return 0;
    }
    if (services.isEmpty()) {
      output.line("no services; add some with: restatectl deployments register URI");
      return 0;
    }
    Table table = new Table("SERVICE", "TYPE", "REVISION", "DEPLOYMENT", "PUBLIC", "HANDLERS");
    for (JsonNode service : services) {
      table.row(
          service.path("name").asString(""),
          service.path("ty").asString(""),
          service.path("revision").asString(""),
          service.path("deployment_id").asString(""),
          service.path("public").asBoolean(true) ? "yes" : "no",
          DeploymentsCommand.names(service.path("handlers")));
    }
    table.print(output);
    return 0;
  }

  @Command(
      name = "describe",
      aliases = "get",
      description = "One service: its handlers, and what holds for its invocations.",
      mixinStandardHelpOptions = true)
  int describe(
      @Parameters(paramLabel = "SERVICE") String name,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    JsonNode service = server.adminHttp().get(path(name)).json();
    if (json) {
      output.json(service);
    } else {
      print(service);
    }
    return 0;
  }

  private static String path(String name) {
    return "/services/" + AdminHttp.segment(name);
  }

  private void print(JsonNode service) {
    Table facts = new Table("SERVICE", service.path("name").asString(""));
    List<String> later = List.of("name", "handlers", "retry_policy", "metadata");
    for (Map.Entry<String, JsonNode> each : service.properties()) {
      if (!later.contains(each.getKey())) {
        facts.row(words(each.getKey()), each.getValue().asString(each.getValue().toString()));
      }
    }
    for (String group : List.of("retry_policy", "metadata")) {
      for (Map.Entry<String, JsonNode> each : service.path(group).properties()) {
        String value = each.getValue().isNull() ? "none" : each.getValue().asString("");
        facts.row(words(group) + " " + words(each.getKey()), value);
      }
    }
    facts.print(output);
    output.line("");
    Table handlers = new Table("HANDLER", "TYPE", "INPUT", "OUTPUT");
    for (JsonNode handler : service.path("handlers")) {
      handlers.row(
          handler.path("name").asString(""),
          handler.path("ty").asString("-"),
          handler.path("input_description").asString("-"),
          handler.path("output_description").asString("-"));
    }
    handlers.print(output);
  }

  private static String words(String field) {
    return field.equals("ty") ? "type" : field.replace('_', ' ');
  }

  @Command(
      name = "edit",
      aliases = "patch",
      description = {
        "Changes what holds for a service until it is registered again. Times are such as 10s,",
        "1h 30m or PT10S."
      },
      mixinStandardHelpOptions = true)
  int edit(
      @Parameters(paramLabel = "SERVICE") String name,
      @Option(names = "--public", negatable = true, description = "Whether clients may call it.")
          @Nullable Boolean open,
      @Option(names = "--inactivity-timeout", paramLabel = "TIME") @Nullable String inactivity,
      @Option(names = "--abort-timeout", paramLabel = "TIME") @Nullable String abort,
      @Option(names = "--journal-retention", paramLabel = "TIME") @Nullable String journal,
      @Option(names = "--idempotency-retention", paramLabel = "TIME") @Nullable String idempotency,
      @Option(names = "--workflow-completion-retention", paramLabel = "TIME")
          @Nullable String workflow,
      @Option(names = "--json", description = "Print the service as JSON.") boolean json) {
    ObjectNode body = Output.JSON.createObjectNode();
    if (open != null) {
      body.put("public", open);
    }
    put(body, "inactivity_timeout", inactivity);
    put(body, "abort_timeout", abort);
    put(body, "journal_retention", journal);
    put(body, "idempotency_retention", idempotency);
    put(body, "workflow_completion_retention", workflow);
    if (body.isEmpty()) {
      throw new CliException(
          CliException.USAGE,
          "Expected something to change, but got nothing",
          "restatectl services edit --help lists what can be");
    }
    JsonNode service = server.adminHttp().patch(path(name), body).json();
    if (json) {
      output.json(service);
    } else {
      print(service);
    }
    return 0;
  }

  private static void put(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }
}
