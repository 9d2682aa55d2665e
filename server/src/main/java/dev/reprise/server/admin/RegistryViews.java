package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.http.Response;
import dev.reprise.storage.model.DeploymentIds;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads of the registry. Any thread. */
public final class RegistryViews {
  private final Supplier<Registry> registry;
  private final ServiceJson serviceJson;

  /**
   * Views of a node.
   *
   * @param registry the newest one; never blocks
   * @param nodeDefaults what is in force where a service says nothing
   */
  public RegistryViews(Supplier<Registry> registry, ServiceOptions nodeDefaults) {
    this.registry = registry;
    this.serviceJson = new ServiceJson(nodeDefaults);
  }

  Response deployments() {
    ObjectNode json = AdminJson.MAPPER.createObjectNode();
    ArrayNode list = json.putArray("deployments");
    registry.get().deployments().values().stream()
        .sorted(Comparator.comparingLong(Deployment::createdAtMillis).thenComparing(Deployment::id))
        .forEach(
            deployment -> {
              ObjectNode item = AdminJson.deployment(deployment);
              AdminJson.briefServices(item, deployment);
              list.add(item);
            });
    return AdminJson.response(200, json);
  }

  Response deployment(String id) {
    return detail(find(id));
  }

  /** A deployment with all that it serves. */
  Response detail(Deployment deployment) {
    ObjectNode json = AdminJson.deployment(deployment);
    fullServices(json, deployment);
    return AdminJson.response(200, json);
  }

  /** The deployment of this id, as a path names it. */
  Deployment find(String id) {
    if (!DeploymentIds.isValid(id)) {
      throw AdminError.form(400, "Expected a deployment id such as dp_1…, but got '" + id + "'");
    }
    Deployment deployment = registry.get().deployment(id);
    if (deployment == null) {
      throw AdminError.of(404, null, "The requested deployment '" + id + "' does not exist");
    }
    return deployment;
  }

  Response services() {
    Registry now = registry.get();
    ObjectNode json = AdminJson.MAPPER.createObjectNode();
    ArrayNode list = json.putArray("services");
    for (ServiceRevision service : new TreeMap<>(now.services()).values()) {
      list.add(json(now, service));
    }
    return AdminJson.response(200, json);
  }

  Response service(String name) {
    Registry now = registry.get();
    return AdminJson.response(200, json(now, find(now, name)));
  }

  /** A service that has just been changed. */
  Response service(ServiceRevision service) {
    return AdminJson.response(200, json(registry.get(), service));
  }

  Response handlers(String name) {
    ServiceRevision service = find(registry.get(), name);
    ObjectNode json = AdminJson.MAPPER.createObjectNode();
    ArrayNode list = json.putArray("handlers");
    for (HandlerRevision handler : new TreeMap<>(service.handlers()).values()) {
      list.add(serviceJson.handler(service, handler));
    }
    return AdminJson.response(200, json);
  }

  Response handler(String name, String handlerName) {
    ServiceRevision service = find(registry.get(), name);
    HandlerRevision handler = service.handler(handlerName);
    if (handler == null) {
      throw AdminError.of(
          404, null, "The requested handler '" + name + "/" + handlerName + "' does not exist");
    }
    return AdminJson.response(200, serviceJson.handler(service, handler));
  }

  /** What registering answers with. */
  Response registered(int status, Deployment deployment) {
    ObjectNode json = AdminJson.registered(deployment);
    fullServices(json, deployment);
    return AdminJson.response(status, json)
        .header(Registrations.LOCATION, "deployments/" + deployment.id());
  }

  private void fullServices(ObjectNode json, Deployment deployment) {
    ArrayNode services = json.putArray("services");
    deployment.services().stream()
        .sorted(Comparator.comparing(ServiceRevision::name))
        .forEach(service -> services.add(serviceJson.service(service, neverWaits(deployment))));
  }

  private ObjectNode json(Registry now, ServiceRevision service) {
    Deployment deployment = now.deployment(service.deploymentId());
    return serviceJson.service(service, deployment != null && neverWaits(deployment));
  }

  private static boolean neverWaits(Deployment deployment) {
    return deployment.mode() == ProtocolMode.REQUEST_RESPONSE;
  }

  private static ServiceRevision find(Registry now, String name) {
    ServiceRevision service = now.service(name);
    if (service == null) {
      throw AdminError.of(404, null, "The requested service '" + name + "' does not exist");
    }
    return service;
  }
}
