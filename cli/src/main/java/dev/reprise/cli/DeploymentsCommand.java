package dev.reprise.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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
    services(reply.json());
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

  @Command(
      name = "describe",
      aliases = "get",
      description = "One deployment, and what it serves.",
      mixinStandardHelpOptions = true)
  int describe(
      @Parameters(paramLabel = "DEPLOYMENT", description = "Its id.") String id,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    JsonNode deployment = server.adminHttp().get(path(id)).json();
    if (json) {
      output.json(deployment);
    } else {
      print(deployment);
    }
    return 0;
  }

  private static String path(String id) {
    return "/deployments/" + AdminHttp.segment(id);
  }

  private void print(JsonNode deployment) {
    Table facts = new Table("DEPLOYMENT", deployment.path("id").asString(""));
    for (Map.Entry<String, JsonNode> each : deployment.properties()) {
      if (!each.getKey().equals("id") && !each.getKey().equals("services")) {
        facts.row(
            each.getKey().replace('_', ' '), each.getValue().asString(each.getValue().toString()));
      }
    }
    facts.print(output);
    output.line("");
    services(deployment);
  }

  private void services(JsonNode deployment) {
    Table table = new Table("SERVICE", "TYPE", "REVISION", "HANDLERS");
    for (JsonNode service : deployment.path("services")) {
      table.row(
          service.path("name").asString(""),
          service.path("ty").asString(""),
          service.path("revision").asString(""),
          names(service.path("handlers")));
    }
    table.print(output);
  }

  @Command(
      name = "update",
      description = {
        "Moves a deployment to another address, or reads again what it serves; invocations that",
        "began on it go on there."
      },
      mixinStandardHelpOptions = true)
  int update(
      @Parameters(paramLabel = "DEPLOYMENT", description = "Its id.") String id,
      @Option(names = "--uri", paramLabel = "URI", description = "Where it is from now on.")
          @Nullable String uri,
      @Option(
              names = "--header",
              paramLabel = "NAME=VALUE",
              description = "Sent with each request; these replace all that were.")
          @Nullable Map<String, String> headers,
      @Option(names = "--overwrite", description = "Read again what it serves.") boolean overwrite,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    ObjectNode body = Output.JSON.createObjectNode();
    if (uri != null) {
      body.put("uri", uri);
    }
    if (headers != null) {
      headers.forEach(body.putObject("additional_headers")::put);
    }
    if (overwrite) {
      body.put("overwrite", true);
    }
    if (body.isEmpty()) {
      throw new CliException(
          CliException.USAGE,
          "Expected something to change, but got nothing",
          "give --uri, --header or --overwrite");
    }
    JsonNode deployment = server.adminHttp().patch(path(id), body).json();
    if (json) {
      output.json(deployment);
    } else {
      print(deployment);
    }
    return 0;
  }

  @Command(
      name = "remove",
      aliases = {"rm", "delete"},
      description = "Forgets deployments that nothing uses any more.",
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = "DEPLOYMENT", arity = "1..*", description = "Their ids.")
          List<String> ids,
      @Option(
              names = "--force",
              description = "Also those in use: what began on them fails until it is moved.")
          boolean force,
      @Option(names = "--json", description = "Print a JSON array.") boolean json) {
    ArrayNode removed = Output.JSON.createArrayNode();
    for (String id : ids) {
      var unused = server.adminHttp().delete(path(id) + "?force=" + force);
      removed.addObject().put("id", id).put("removed", true);
      if (!json) {
        output.line(output.green("removed") + " " + Output.printable(id));
      }
    }
    if (json) {
      output.json(removed);
    }
    return 0;
  }

  private String age(String timestamp) {
    try {
      return output.age(Instant.parse(timestamp).toEpochMilli());
    } catch (java.time.format.DateTimeParseException e) {
      return "-";
    }
  }

  static String names(JsonNode named) {
    List<String> names = new ArrayList<>();
    named.forEach(item -> names.add(item.path("name").asString("")));
    return String.join(", ", names);
  }
}
