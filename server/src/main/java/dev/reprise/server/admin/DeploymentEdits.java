package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataCommand.ModifyService;
import dev.reprise.cluster.metadata.MetadataCommand.RemoveDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.UpdateDeployment;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.MetadataResult.Created;
import dev.reprise.cluster.metadata.MetadataResult.Described;
import dev.reprise.cluster.metadata.MetadataResult.Existing;
import dev.reprise.cluster.metadata.MetadataResult.Modified;
import dev.reprise.cluster.metadata.MetadataResult.Overwritten;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.MetadataResult.Removed;
import dev.reprise.cluster.metadata.MetadataResult.Updated;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Changes and removes what is registered. What is not asked by force is refused while it is used:
 * an invocation can go on only where it began. Any thread; what looks through the partitions runs
 * in the background.
 */
public final class DeploymentEdits {
  private final RegistryChanges changes;
  private final RegistryViews views;
  private final DeploymentUse use;
  private final Executor background;

  /**
   * Edits of a node.
   *
   * @param background runs what must not hold up an event loop
   */
  public DeploymentEdits(
      Registrar registrar,
      Discovery discovery,
      RegistryViews views,
      DeploymentUse use,
      Executor background) {
    this.changes = new RegistryChanges(registrar, discovery);
    this.views = views;
    this.use = use;
    this.background = background;
  }

  /** Changes address, headers or, where it says overwrite, all that the endpoint serves. */
  void update(Exchange exchange, String id) {
    Deployment now = views.find(id);
    UpdateRequest request = UpdateRequest.parse(exchange, now);
    Map<String, String> headers = request.headers() == null ? now.headers() : request.headers();
    CompletableFuture<UpdateDeployment> command;
    if (request.address() == null && !request.overwrite()) {
      UpdateDeployment unasked = new UpdateDeployment(id, null, request.headers(), null, false);
      command = CompletableFuture.completedFuture(unasked);
    } else {
      command =
          changes
              .discover(request.address() == null ? now.address() : request.address(), headers, now)
              .thenApply(
                  found ->
                      new UpdateDeployment(
                          id, request.address(), request.headers(), found, request.overwrite()));
    }
    respond(exchange, command.thenCompose(it -> changes.make(it, request.dryRun())));
  }

  void remove(Exchange exchange, String id) {
    boolean force = force(exchange);
    Deployment now = views.find(id);
    RemoveDeployment command = new RemoveDeployment(id, force);
    if (force) {
      make(exchange, command);
    } else if (changes.wouldDo(command) instanceof Rejected rejected) {
      exchange.respond(RegistryChanges.refusal(rejected));
    } else {
      background.execute(() -> removeUnused(exchange, now, command));
    }
  }

  private void removeUnused(Exchange exchange, Deployment now, RemoveDeployment command) {
    long pinned;
    try {
      pinned = use.pinned(now.id());
    } catch (RuntimeException e) {
      exchange.respond(RegistryChanges.error(e));
      return;
    }
    if (pinned > 0) {
      exchange.respond(
          AdminError.json(
              409,
              null,
              "Expected a deployment that is not used any more, but "
                  + pinned
                  + " open invocations began on "
                  + now.id()
                  + "; wait until they have ended, move or end them, or remove it with force"));
      return;
    }
    make(exchange, command);
  }

  /** Changes options of a service's latest revision. */
  void modify(Exchange exchange, String service) {
    make(exchange, new ModifyService(service, ServiceRequest.parse(exchange)));
  }

  private void make(Exchange exchange, MetadataCommand command) {
    respond(exchange, changes.make(command, false));
  }

  private void respond(Exchange exchange, CompletableFuture<MetadataResult> result) {
    var unused =
        result
            .thenApply(this::answer)
            .exceptionally(RegistryChanges::error)
            .thenAccept(exchange::respond);
  }

  private Response answer(MetadataResult result) {
    return switch (result) {
      case Updated it -> views.detail(it.deployment());
      case Removed it -> new Response(202);
      case Modified it -> views.service(it.service());
      case Described it -> throw unexpected(it);
      case Rejected it -> RegistryChanges.refusal(it);
      case Created it -> throw unexpected(it);
      case Existing it -> throw unexpected(it);
      case Overwritten it -> throw unexpected(it);
      case MetadataResult.RulesPut it -> throw unexpected(it);
      case MetadataResult.RulesDeleted it -> throw unexpected(it);
      case MetadataResult.CaughtUp it -> throw unexpected(it);
    };
  }

  private static IllegalStateException unexpected(MetadataResult result) {
    return new IllegalStateException("Expected what an edit can become, but got " + result);
  }

  private static boolean force(Exchange exchange) {
    String target = exchange.target();
    int question = target.indexOf('?');
    boolean force = false;
    for (String each :
        question < 0 ? new String[0] : target.substring(question + 1).split("&", -1)) {
      if (each.startsWith("force=")) {
        String value = each.substring("force=".length());
        if (!value.equals("true") && !value.equals("false")) {
          throw AdminError.form(400, "Expected force=true or force=false, but got '" + value + "'");
        }
        force = value.equals("true");
      }
    }
    return force;
  }
}
