package dev.reprise.cli;

import dev.reprise.api.admin.v1.LimitUsage;
import dev.reprise.api.admin.v1.ListLimitsRequest;
import dev.reprise.api.admin.v1.ListRulesRequest;
import dev.reprise.api.admin.v1.RuleInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl limits}. */
@Command(
    name = "limits",
    aliases = "limit",
    description = "How many invocations of a scope run at once, and how many may.",
    mixinStandardHelpOptions = true)
final class LimitsCommand {
  private static final String RULES = "/limits/rules";

  private final Output output;
  private final ServerOptions server;

  LimitsCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(
      name = "list",
      aliases = "ls",
      description = "Where invocations run or wait, and the rule that counts there.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin WatchOption watch,
      @Option(names = "--json", description = "Print a JSON array.") boolean json) {
    return watch.show(output, () -> list(json));
  }

  private void list(boolean json) {
    List<LimitUsage> levels = new ArrayList<>();
    server
        .adminRpc()
        .ask(
            stub -> {
              stub.listLimits(ListLimitsRequest.getDefaultInstance()).forEachRemaining(levels::add);
              return levels;
            });
    if (json) {
      ArrayNode array = Output.JSON.createArrayNode();
      levels.forEach(it -> put(array.addObject(), it));
      output.json(array);
    } else if (levels.isEmpty()) {
      output.line("no invocations in a scope");
    } else {
      Table table = new Table("SCOPE", "LIMIT KEY", "RUNNING", "LIMIT", "WAITING", "RULE");
      for (LimitUsage level : levels) {
        table.row(
            level.getScope(),
            orDash(level.getLimitKey()),
            Integer.toUnsignedString(level.getRunning()),
            limit(level.getConcurrency()),
            Integer.toUnsignedString(level.getWaiting()),
            orDash(level.getPattern()));
      }
      table.print(output);
    }
  }

  @Command(name = "rules", description = "The rules.", mixinStandardHelpOptions = true)
  int rules(@Option(names = "--json", description = "Print a JSON array.") boolean json) {
    List<RuleInfo> rules =
        server
            .adminRpc()
            .ask(stub -> stub.listRules(ListRulesRequest.getDefaultInstance()))
            .getRulesList();
    if (json) {
      ArrayNode array = Output.JSON.createArrayNode();
      rules.forEach(it -> put(array.addObject(), it));
      output.json(array);
    } else if (rules.isEmpty()) {
      output.line("no rules");
    } else {
      Table table = new Table("PATTERN", "LIMIT", "STATUS", "VERSION", "DESCRIPTION");
      for (RuleInfo rule : rules) {
        table.row(
            rule.getPattern(),
            limit(rule.getConcurrency()),
            rule.getDisabled() ? "disabled" : "active",
            Long.toString(rule.getVersion()),
            rule.getDescription());
      }
      table.print(output);
    }
    return 0;
  }

  @Command(
      name = "set",
      description = {
        "Makes or replaces the rule for a pattern: scope, scope/first or scope/first/second,",
        "with * for any name."
      },
      mixinStandardHelpOptions = true)
  int set(
      @Parameters(paramLabel = "PATTERN") String pattern,
      @Option(
              names = "--concurrency",
              paramLabel = "N",
              description = "So many at once. Default: no limit, also where a broader rule has one")
          @Nullable Long concurrency,
      @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
          @Nullable String description,
      @Option(names = "--disabled", description = "Keep the rule, but do not follow it.")
          boolean disabled,
      @Option(names = "--json", description = "Print the rule as JSON.") boolean json) {
    ArrayNode body = Output.JSON.createArrayNode();
    ObjectNode rule = body.addObject().put("pattern", pattern).put("disabled", disabled);
    ObjectNode limits = rule.putObject("limits");
    if (concurrency != null) {
      limits.put("concurrency", concurrency);
    }
    if (description != null) {
      rule.put("description", description);
    }
    JsonNode made = server.adminHttp().put(RULES, body).json().path(0);
    if (json) {
      output.json(made);
    } else {
      output.line(
          made.path("pattern").asString() + " has version " + made.path("version").asString());
    }
    return 0;
  }

  @Command(name = "delete", description = "Forgets rules.", mixinStandardHelpOptions = true)
  int delete(
      @Parameters(paramLabel = "PATTERN", arity = "1..*") List<String> patterns,
      @Option(names = "--json", description = "Print the deleted patterns as JSON.") boolean json) {
    ArrayNode body = Output.JSON.createArrayNode();
    patterns.forEach(it -> body.addObject().put("pattern", it));
    JsonNode deleted = server.adminHttp().post(RULES + "/bulk-delete", body).json();
    if (json) {
      output.json(deleted);
    } else {
      output.line(deleted.size() == 1 ? "deleted 1 rule" : "deleted " + deleted.size() + " rules");
    }
    return 0;
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String limit(int concurrency) {
    return concurrency == 0 ? "-" : Integer.toUnsignedString(concurrency);
  }

  private static void put(ObjectNode json, LimitUsage level) {
    json.put("scope", level.getScope())
        .put("limit_key", level.getLimitKey())
        .put("running", Integer.toUnsignedLong(level.getRunning()))
        .put("waiting", Integer.toUnsignedLong(level.getWaiting()))
        .put("pattern", level.getPattern())
        .put("concurrency", Integer.toUnsignedLong(level.getConcurrency()));
  }

  private static void put(ObjectNode json, RuleInfo rule) {
    json.put("pattern", rule.getPattern())
        .put("concurrency", Integer.toUnsignedLong(rule.getConcurrency()))
        .put("description", rule.getDescription())
        .put("disabled", rule.getDisabled())
        .put("version", rule.getVersion())
        .put("modified_at_millis", rule.getModifiedAtMillis());
  }
}
