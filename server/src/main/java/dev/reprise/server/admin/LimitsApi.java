package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataCommand.DeleteRules;
import dev.reprise.cluster.metadata.MetadataCommand.Expectation;
import dev.reprise.cluster.metadata.MetadataCommand.PutRules;
import dev.reprise.cluster.metadata.MetadataCommand.RuleDraft;
import dev.reprise.cluster.metadata.MetadataCommand.RuleRemoval;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.cluster.metadata.RuleBook.Rule;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.server.text.JsonText;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Rules for limits: made, changed and removed in batches, each as a whole or not at all. A change
 * is answered once every partition follows it, or after {@link #FOLLOWED}: it is kept all the same,
 * and in force as soon as the partition is led again.
 */
public final class LimitsApi {
  private static final int MAX_DESCRIPTION = 1_000;

  /** An election takes one to two seconds. */
  private static final Duration FOLLOWED = Duration.ofSeconds(3);

  private final Registrar registrar;
  private final InstantSource clock;
  private final LongPredicate followed;
  private final Executor background;

  /**
   * Rules of a cluster.
   *
   * @param followed waits until all partitions follow this version of the rules; may give up
   * @param background where it waits
   */
  public LimitsApi(
      Registrar registrar, InstantSource clock, LongPredicate followed, Executor background) {
    this.registrar = registrar;
    this.clock = clock;
    this.followed = followed;
    this.background = background;
  }

  /** {@code /limits/rules} and {@code /limits/rules/bulk-delete}. */
  void route(Exchange exchange, List<String> path) {
    if (path.size() < 2 || !path.get(1).equals("rules")) {
      throw AdminError.noSuchPath();
    }
    if (path.size() == 2) {
      AdminApi.expect(exchange, "PUT");
      make(exchange, put(JsonBody.items(exchange)));
    } else if (path.size() == 3 && path.get(2).equals("bulk-delete")) {
      AdminApi.expect(exchange, "POST");
      make(exchange, delete(JsonBody.items(exchange)));
    } else {
      throw AdminError.noSuchPath();
    }
  }

  private PutRules put(List<JsonBody> items) {
    List<RuleDraft> drafts = new ArrayList<>();
    for (JsonBody item : items) {
      JsonBody limits = item.object("limits");
      Long concurrency =
          limits == null ? null : limits.number("concurrency", 1, LimitRule.MAX_CONCURRENCY);
      String description = item.text("description");
      if (description != null && description.length() > MAX_DESCRIPTION) {
        throw AdminError.form(
            422, "Expected a description of at most " + MAX_DESCRIPTION + " characters");
      }
      drafts.add(
          new RuleDraft(
              new LimitRule(pattern(item), concurrency == null ? 0 : concurrency),
              description,
              item.flag("disabled"),
              expectation(item.object("precondition"))));
    }
    return new PutRules(drafts, clock.millis());
  }

  private static DeleteRules delete(List<JsonBody> items) {
    List<RuleRemoval> removals = new ArrayList<>();
    for (JsonBody item : items) {
      Long version = item.number("expected_version", 0, Long.MAX_VALUE);
      removals.add(
          new RuleRemoval(
              pattern(item),
              version == null ? new Expectation.Anything() : new Expectation.Version(version)));
    }
    return new DeleteRules(removals);
  }

  private static LimitPattern pattern(JsonBody item) {
    String text = item.text("pattern");
    if (text == null) {
      throw AdminError.form(422, "Expected a string in the field 'pattern'");
    }
    try {
      return LimitPattern.parse(text);
    } catch (IllegalArgumentException e) {
      throw AdminError.form(422, "pattern: " + e.getMessage());
    }
  }

  private static Expectation expectation(@Nullable JsonBody precondition) {
    if (precondition == null) {
      return new Expectation.Anything();
    }
    return switch (String.valueOf(precondition.text("type"))) {
      case "none" -> new Expectation.Anything();
      case "does_not_exist" -> new Expectation.Absent();
      case "matches" -> {
        Long version = precondition.number("version", 0, Long.MAX_VALUE);
        if (version == null) {
          throw AdminError.form(422, "Expected a number in the field 'precondition.version'");
        }
        yield new Expectation.Version(version);
      }
      default ->
          throw AdminError.form(
              422, "Expected precondition.type to be none, does_not_exist or matches");
    };
  }

  private void make(Exchange exchange, MetadataCommand command) {
    CompletableFuture<MetadataResult> made =
        registrar.propose(command).orTimeout(RegistryChanges.COMMIT_SECONDS, TimeUnit.SECONDS);
    var unused =
        made.thenCompose(this::inForce)
            .thenApply(LimitsApi::answer)
            .exceptionally(RegistryChanges::error)
            .thenAccept(exchange::respond);
  }

  private CompletableFuture<MetadataResult> inForce(MetadataResult result) {
    if (result instanceof Rejected) {
      return CompletableFuture.completedFuture(result);
    }
    long version = registrar.registry().rules().version();
    return CompletableFuture.supplyAsync(() -> followed.test(version), background)
        .completeOnTimeout(false, FOLLOWED.toNanos(), TimeUnit.NANOSECONDS)
        .handle((everywhere, problem) -> result);
  }

  private static Response answer(MetadataResult result) {
    return switch (result) {
      case MetadataResult.RulesPut put -> Response.json(200, rules(put.rules()));
      case MetadataResult.RulesDeleted deleted -> Response.json(200, patterns(deleted.patterns()));
      case Rejected rejected -> refusal(rejected);
      case MetadataResult.CaughtUp it -> throw unexpected(it);
      case MetadataResult.Created it -> throw unexpected(it);
      case MetadataResult.Existing it -> throw unexpected(it);
      case MetadataResult.Overwritten it -> throw unexpected(it);
      case MetadataResult.Updated it -> throw unexpected(it);
      case MetadataResult.Removed it -> throw unexpected(it);
      case MetadataResult.Modified it -> throw unexpected(it);
      case MetadataResult.Described it -> throw unexpected(it);
    };
  }

  /** Too many rules are a form that does not fit, which elsewhere is a bad request. */
  private static Response refusal(Rejected rejected) {
    return rejected.kind() == Rejected.Kind.MISFIT
        ? AdminError.json(422, rejected.code(), rejected.message())
        : RegistryChanges.refusal(rejected);
  }

  private static IllegalStateException unexpected(MetadataResult result) {
    return new IllegalStateException("Expected an answer about rules, but got " + result);
  }

  private static String rules(List<Rule> rules) {
    StringBuilder json = new StringBuilder("[");
    for (Rule rule : rules) {
      json.append(json.length() > 1 ? ",{" : "{").append("\"pattern\":");
      JsonText.quote(json, rule.pattern().toString()).append(",\"limits\":{");
      if (rule.limit().concurrency() > 0) {
        json.append("\"concurrency\":").append(rule.limit().concurrency());
      }
      json.append('}');
      if (rule.description() != null) {
        json.append(",\"description\":");
        JsonText.quote(json, rule.description());
      }
      json.append(",\"disabled\":").append(rule.disabled());
      json.append(",\"version\":").append(rule.version());
      json.append(",\"last_modified_millis_since_epoch\":").append(rule.modifiedAtMillis());
      json.append('}');
    }
    return json.append(']').toString();
  }

  private static String patterns(List<LimitPattern> patterns) {
    StringBuilder json = new StringBuilder("[");
    for (LimitPattern pattern : patterns) {
      json.append(json.length() > 1 ? "," : "");
      JsonText.quote(json, pattern.toString());
    }
    return json.append(']').toString();
  }
}
