package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.http.Response;
import dev.reprise.server.text.Timestamps;
import dev.reprise.storage.model.Bytes;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The admin API's documents. */
final class AdminJson {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The version whose API this is: clients choose their requests by it. */
  private static final String API_VERSION = "1.7.12";

  private static final String[] FEATURES = {
    "vqueues",
    "protocol_v7",
    "invoker_yield",
    "kafka_scope",
    "scoped_virtual_objects",
    "unique_random_seeds",
    "vqueues_async_refill",
    "vqueue_obsolete_cleanup",
    "vqueues_migration_skip_completed",
    "scoped_state_table_migration",
    "scoped_promise_table_migration",
    "preflight_invocation_termination_retention"
  };

  private AdminJson() {}

  static Response response(int status, JsonNode json) {
    return new Response(status)
        .header(Response.CONTENT_TYPE, Response.JSON)
        .body(Bytes.of(MAPPER.writeValueAsBytes(json)));
  }

  static Response version(AdminInfo info) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("version", API_VERSION).put("server", "reprise");
    json.put("server_version", info.version());
    json.put("min_admin_api_version", 2).put("max_admin_api_version", 4);
    json.put("ingress_endpoint", info.ingressEndpoint());
    ObjectNode features = json.putObject("features");
    for (String feature : FEATURES) {
      features.put(feature, info.features().contains(feature));
    }
    return response(200, json);
  }

  static Response clusterHealth(AdminInfo info) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("cluster_name", info.clusterName());
    ArrayNode members = json.putObject("metadata_cluster_health").putArray("members");
    info.metadataMembers().get().forEach(members::add);
    return response(200, json);
  }

  /** A deployment without its services. */
  static ObjectNode deployment(Deployment deployment) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("id", deployment.id());
    switch (deployment.address()) {
      case DeploymentAddress.Http http -> {
        boolean bidi = deployment.mode() == ProtocolMode.BIDI_STREAM;
        json.put("uri", http.uri());
        json.put("protocol_type", bidi ? "BidiStream" : "RequestResponse");
        json.put("http_version", http.http11() ? "HTTP/1.1" : "HTTP/2.0");
      }
      case DeploymentAddress.Lambda lambda -> {
        json.put("arn", lambda.arn());
        text(json, "assume_role_arn", lambda.assumeRoleArn());
        text(json, "compression", lambda.zstd() ? "Zstd" : "");
      }
    }
    map(json, "additional_headers", deployment.headers());
    map(json, "metadata", deployment.metadata());
    json.put("created_at", Timestamps.nanos(deployment.createdAtMillis()));
    protocol(json, deployment);
    return json;
  }

  /** What registering answers with, without the services. */
  static ObjectNode registered(Deployment deployment) {
    ObjectNode json = MAPPER.createObjectNode().put("id", deployment.id());
    protocol(json, deployment);
    return json;
  }

  static void briefServices(ObjectNode json, Deployment deployment) {
    ArrayNode services = json.putArray("services");
    deployment.services().stream()
        .sorted(Comparator.comparing(ServiceRevision::name))
        .forEach(
            service ->
                services
                    .addObject()
                    .put("name", service.name())
                    .put("revision", service.revision()));
  }

  /** Adds a map of strings unless it is empty. */
  static void map(ObjectNode json, String field, Map<String, String> map) {
    if (!map.isEmpty()) {
      ObjectNode object = json.putObject(field);
      new TreeMap<>(map).forEach(object::put);
    }
  }

  static void text(ObjectNode json, String field, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      json.put(field, text);
    }
  }

  private static void protocol(ObjectNode json, Deployment deployment) {
    json.put("min_protocol_version", deployment.minProtocolVersion());
    json.put("max_protocol_version", deployment.maxProtocolVersion());
    text(json, "sdk_version", deployment.sdkVersion());
  }
}
