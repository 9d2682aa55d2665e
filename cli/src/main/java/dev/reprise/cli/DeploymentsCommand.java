package dev.reprise.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl deployments}. */
@Command(
    name = "deployments",
    aliases = {"deployment", "dp"},
    description = "Service endpoints that the server knows.",
    mixinStandardHelpOptions = true)
final class DeploymentsCommand {
  private final Output output;
  private final ServerOptions server;

  DeploymentsCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(
      name = "register",
      description = "Ask an endpoint what it serves, and route new invocations to it.",
      mixinStandardHelpOptions = true)
  int register(
      @Parameters(paramLabel = "URI", description = "Such as http://localhost:9080.") String uri,
      @Option(
              names = "--force",
              description = "Ask again, and overwrite what is registered under this address.")
          boolean force,
      @Option(names = "--json", description = "Print the server's answer.") boolean json) {
    ObjectNode body = Output.JSON.createObjectNode().put("uri", uri).put("force", force);
    AdminHttp.Reply reply = server.adminHttp().post("/deployments", body);
    if (json) {
      output.json(reply.json());
      return 0;
    }
    String id = reply.json().path("id").asString("");
    boolean known = reply.status() == 200 && !force;
    output.line(
        known
            ? output.yellow("already registered") + " as " + id + "; --force asks it again"
            : output.green("registered") + " " + id + " at " + Output.printable(uri));
    Table table = new Table("SERVICE", "TYPE", "REVISION", "HANDLERS");
    for (JsonNode service : reply.json().path("services")) {
      table.row(
          service.path("name").asString(""),
          service.path("ty").asString(""),
          service.path("revision").asString(""),
          names(service.path("handlers")));
    }
    table.print(output);
    return 0;
  }

  @Command(
      name = "list",
      aliases = "ls",
      description = "All registered deployments.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "Print a JSON array.") boolean json) {
    JsonNode deployments = server.adminHttp().get("/deployments").json().path("deployments");
    if (json) {
      output.json(deployments);
      return 0;
    }
    if (deployments.isEmpty()) {
      output.line("no deployments; add one with: restatectl deployments register URI");
      return 0;
    }
    Table table = new Table("DEPLOYMENT", "ADDRESS", "TYPE", "SDK", "AGE", "SERVICES");
    for (JsonNode deployment : deployments) {
      table.row(
          deployment.path("id").asString(""),
          deployment.path("uri").asString(deployment.path("arn").asString("")),
          deployment.path("protocol_type").asString(""),
          deployment.path("sdk_version").asString("-"),
          age(deployment.path("created_at").asString("")),
          names(deployment.path("services")));
    }
    table.print(output);
    return 0;
  }

  private String age(String timestamp) {
    try {
      return output.age(Instant.parse(timestamp).toEpochMilli());
    } catch (java.time.format.DateTimeParseException e) {
      return "-";
    }
  }

  private static String names(JsonNode named) {
    List<String> names = new ArrayList<>();
    named.forEach(item -> names.add(item.path("name").asString("")));
    return String.join(", ", names);
  }
}
