package dev.reprise.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.server.admin.Discovery.Discovered;
import dev.reprise.server.http.RawClient.Reply;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Registering deployments, and what is shown of them, over real sockets. */
class RegistrationsTest extends RegistryTest {
  private static final String ONE = "{\"uri\":\"http://one:9080\"}";

  RegistrationsTest() {
    super(CompletableFuture.completedFuture(Discoveries.greeter()));
  }

  @Test
  void aNewDeploymentIsDiscoveredAndItsServicesAreShown() throws IOException {
    Reply reply = client.post("/deployments", ONE);

    assertThat(reply.status()).isEqualTo(201);
    JsonNode json = json(reply);
    String id = json.path("id").stringValue();
    assertThat(id).matches("dp_1[0-9a-zA-Z]{22}");
    assertThat(reply.header("location")).isEqualTo("deployments/" + id);
    assertThat(json.path("min_protocol_version").intValue()).isEqualTo(5);
    assertThat(json.path("max_protocol_version").intValue()).isEqualTo(7);
    assertThat(json.path("sdk_version").stringValue()).isEqualTo("sdk/1");
    assertThat(json.has("info")).isFalse();
    JsonNode service = json.path("services").path(0);
    assertThat(service.path("name").stringValue()).isEqualTo("Greeter");
    assertThat(service.path("ty").stringValue()).isEqualTo("VirtualObject");
    assertThat(service.path("revision").intValue()).isEqualTo(1);
    assertThat(service.path("deployment_id").stringValue()).isEqualTo(id);
    assertThat(service.path("public").booleanValue()).isTrue();
    assertThat(service.path("idempotency_retention").stringValue()).isEqualTo("1d");
    assertThat(service.has("workflow_completion_retention")).isFalse();
    assertThat(service.path("inactivity_timeout").stringValue()).isEqualTo("1m");
    assertThat(service.path("abort_timeout").stringValue()).isEqualTo("1m 30s");
    assertThat(service.path("retry_policy"))
        .isEqualTo(
            AdminJson.MAPPER.readTree(
                """
                {"initial_interval":"500ms","exponentiation_factor":2.0,"max_attempts":70,
                 "max_interval":"1m","on_max_attempts":"Pause"}
                """));
  }

  @Test
  void aHandlerIsShownWithItsInputAndItsOwnOptionsOnly() throws IOException {
    client.post("/deployments", ONE);

    assertThat(json(client.get("/services/Greeter/handlers/greet")))
        .isEqualTo(
            AdminJson.MAPPER.readTree(
                """
                {"name":"greet","ty":"Exclusive","documentation":"says hello","public":true,
                 "input_description":"JSON 'Name'","output_description":"none",
                 "input_json_schema":{"type":"object","title":"Name"},
                 "retry_policy":{"max_attempts":null}}
                """));
    JsonNode handlers = json(client.get("/services/Greeter/handlers")).path("handlers");
    assertThat(handlers).hasSize(2);
    assertThat(handlers.path(0).path("ty").stringValue()).isEqualTo("Shared");
    assertThat(handlers.path(0).path("input_description").stringValue()).isEqualTo("*/*");
    assertThat(handlers.path(0).path("inactivity_timeout").stringValue()).isEqualTo("5s");
  }

  @Test
  void aKnownAddressIsAnsweredWithoutDiscovery() throws IOException {
    Reply first = client.post("/deployments", ONE);
    Reply second = client.post("/v3/deployments", "{\"uri\":\"http://one:9080/\"}");

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(asked).hasSize(1);
  }

  @Test
  void aForcedRegistrationKeepsTheIdAndRaisesTheRevision() throws IOException {
    JsonNode first = json(client.post("/deployments", ONE));
    Reply forced = client.post("/v4/deployments", "{\"uri\":\"http://one:9080\",\"force\":true}");

    assertThat(forced.status()).isEqualTo(200);
    assertThat(json(forced).path("id")).isEqualTo(first.path("id"));
    assertThat(json(forced).path("services").path(0).path("revision").intValue()).isEqualTo(2);
  }

  @Test
  void theOldestApiOverwritesUnlessToldNotTo() throws IOException {
    client.post("/v2/deployments", ONE);

    assertThat(client.post("/v2/deployments", ONE).status()).isEqualTo(201);
    Reply conflict =
        client.post("/v2/deployments", "{\"uri\":\"http://one:9080\",\"force\":false}");
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(json(conflict).path("message").stringValue()).contains("already exists");
    assertThat(json(conflict).path("restate_code").isNull()).isTrue();
  }

  @Test
  void aDryRunChangesNothing() throws IOException {
    Reply dry = client.post("/deployments", "{\"uri\":\"http://one:9080\",\"dry_run\":true}");

    assertThat(dry.status()).isEqualTo(201);
    assertThat(json(client.get("/deployments")).path("deployments")).isEmpty();
  }

  @Test
  void aChangeOfKindIsAConflictUnlessItIsMeant() throws IOException {
    client.post("/deployments", ONE);
    found =
        CompletableFuture.completedFuture(
            Discoveries.service("Greeter", ServiceKind.SERVICE, false));

    Reply refused = client.post("/deployments", "{\"uri\":\"http://two:9080\"}");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(json(refused).path("restate_code").stringValue()).isEqualTo("META0006");
    assertThat(
            client.post("/deployments", "{\"uri\":\"http://two:9080\",\"breaking\":true}").status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"restateThing", "RESTATE", "openapi", "OpenAPI"})
  void aReservedNameIsRefused(String name) throws IOException {
    found =
        CompletableFuture.completedFuture(Discoveries.service(name, ServiceKind.SERVICE, false));

    Reply reply = client.post("/deployments", ONE);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(json(reply).path("restate_code").stringValue()).isEqualTo("META0005");
  }

  @Test
  void aPublicHandlerInAPrivateServiceIsRefused() throws IOException {
    found = CompletableFuture.completedFuture(Discoveries.service("S", ServiceKind.SERVICE, true));

    assertThat(client.post("/deployments", ONE).status()).isEqualTo(400);
  }

  @Test
  void aFailedDiscoveryIsSaidWithItsCode() throws IOException {
    found =
        CompletableFuture.failedFuture(
            new DiscoveryException("META0003", 500, "Expected an endpoint at http://one:9080/"));

    Reply reply = client.post("/deployments", ONE);

    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.body())
        .isEqualTo(
            "{\"message\":\"Expected an endpoint at http://one:9080/\",\"restate_code\":\"META0003\"}");
  }

  @Test
  void aRegistryThatCannotBeChangedNowIsUnavailable() throws IOException {
    registrar.away();

    assertThat(client.post("/deployments", ONE).status()).isEqualTo(503);
  }

  @Test
  void deploymentsAreListedAndShown() throws IOException {
    String id =
        json(client.post(
                "/deployments",
                "{\"uri\":\"http://one:9080/base\",\"additional_headers\":{\"X-Auth\":\"1\"},"
                    + "\"metadata\":{\"team\":\"green\"},\"unknown\":1}"))
            .path("id")
            .stringValue();
    JsonNode item = json(client.get("/deployments")).path("deployments").path(0);

    assertThat(asked).containsExactly("http://one:9080/base/ {x-auth=1}");
    assertThat(item.path("id").stringValue()).isEqualTo(id);
    assertThat(item.path("uri").stringValue()).isEqualTo("http://one:9080/base/");
    assertThat(item.path("protocol_type").stringValue()).isEqualTo("BidiStream");
    assertThat(item.path("http_version").stringValue()).isEqualTo("HTTP/2.0");
    assertThat(item.path("additional_headers").path("x-auth").stringValue()).isEqualTo("1");
    assertThat(item.path("metadata").path("team").stringValue()).isEqualTo("green");
    assertThat(item.path("created_at").stringValue()).isEqualTo("2026-11-22T09:14:05.655000000Z");
    assertThat(item.path("services"))
        .isEqualTo(AdminJson.MAPPER.readTree("[{\"name\":\"Greeter\",\"revision\":1}]"));
    JsonNode detail = json(client.get("/v4/deployments/" + id));
    assertThat(detail.path("services").path(0).path("handlers")).hasSize(2);
    assertThat(json(client.get("/services")).path("services")).hasSize(1);
    assertThat(json(client.get("/services/Greeter")).path("name").stringValue())
        .isEqualTo("Greeter");
  }

  @Test
  void anEndpointThatNeverWaitsHasNoInactivity() throws IOException {
    Discovered greeter = Discoveries.greeter();
    found =
        CompletableFuture.completedFuture(
            new Discovered(
                ProtocolMode.REQUEST_RESPONSE, 5, 7, "sdk/1", false, greeter.services()));

    client.post("/deployments", "{\"uri\":\"http://one:9080\",\"use_http_11\":true}");

    assertThat(json(client.get("/services/Greeter")).path("inactivity_timeout").stringValue())
        .isEqualTo("0s");
    JsonNode deployment = json(client.get("/deployments")).path("deployments").path(0);
    assertThat(deployment.path("http_version").stringValue()).isEqualTo("HTTP/1.1");
    assertThat(deployment.path("protocol_type").stringValue()).isEqualTo("RequestResponse");
  }
}
