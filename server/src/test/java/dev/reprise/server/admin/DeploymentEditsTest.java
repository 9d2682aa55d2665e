package dev.reprise.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.server.admin.Discovery.Discovered;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.storage.model.HandlerKind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What an operator may change about what is registered, over real sockets. */
class DeploymentEditsTest extends RegistryTest {
  private static final String FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:g:1";

  DeploymentEditsTest() {
    super(finding("Greeter", ServiceKind.SERVICE, 5));
  }

  @Test
  void anUpdatedAddressIsAskedFirstAndServesWhatWasRegistered() throws IOException {
    String id = register("http://one:9080");
    found = finding("Other", ServiceKind.SERVICE, 5);

    Reply reply = edit("PATCH", "/deployments/" + id, "{\"uri\":\"http://two:9080\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(asked).containsExactly("http://one:9080/ {}", "http://two:9080/ {}");
    assertThat(json(reply).path("id").stringValue()).isEqualTo(id);
    assertThat(json(reply).path("uri").stringValue()).isEqualTo("http://two:9080/");
    assertThat(json(reply).path("services").path(0).path("name").stringValue())
        .isEqualTo("Greeter");
  }

  @Test
  void anUpdateThatOverwritesReplacesWhatIsServed() throws IOException {
    String id = register("http://one:9080");
    found = finding("Other", ServiceKind.SERVICE, 5);

    Reply reply = edit("PATCH", "/deployments/" + id, "{\"overwrite\":true}");

    assertThat(json(reply).path("services").path(0).path("name").stringValue()).isEqualTo("Other");
    assertThat(client.get("/services/Greeter").status()).isEqualTo(404);
  }

  @Test
  void anUpdateOfHeadersAsksNobodyAndReplacesThemAll() throws IOException {
    String id = register("http://one:9080");

    edit("PATCH", "/deployments/" + id, "{\"additional_headers\":{\"X-A\":\"1\"}}");
    Reply reply = edit("PUT", "/v2/deployments/" + id, "{\"additional_headers\":{\"x-b\":\"2\"}}");

    assertThat(json(reply).path("additional_headers"))
        .isEqualTo(AdminJson.MAPPER.readTree("{\"x-b\":\"2\"}"));
    assertThat(asked).hasSize(1);
    assertThat(edit("PATCH", "/deployments/" + id, "{}").body()).isEqualTo(reply.body());
  }

  @Test
  void aDryUpdateChangesNothing() throws IOException {
    String id = register("http://one:9080");

    Reply reply =
        edit("PATCH", "/deployments/" + id, "{\"uri\":\"http://two:9080\",\"dry_run\":true}");

    assertThat(json(reply).path("uri").stringValue()).isEqualTo("http://two:9080/");
    assertThat(json(client.get("/deployments/" + id)).path("uri").stringValue())
        .isEqualTo("http://one:9080/");
  }

  @Test
  void anUpdateMayNotChangeTheProtocol() throws IOException {
    String id = register("http://one:9080");
    found = finding("Greeter", ServiceKind.SERVICE, 6);

    Reply reply = edit("PATCH", "/deployments/" + id, "{\"overwrite\":true}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(json(reply).path("restate_code").stringValue()).isEqualTo("META0016");
  }

  @Test
  void anUpdateOfSomethingUnreachableIsRefused() throws IOException {
    String id = register("http://one:9080");
    found = CompletableFuture.failedFuture(new DiscoveryException("META0003", 500, "nobody"));

    Reply reply = edit("PATCH", "/deployments/" + id, "{\"uri\":\"http://two:9080\"}");

    assertThat(reply.status()).isEqualTo(500);
    assertThat(json(client.get("/deployments/" + id)).path("uri").stringValue())
        .isEqualTo("http://one:9080/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"arn\":\"x\"}|400",
        "{\"uri\":\"relative\"}|400",
        "{\"uri\":7}|422",
        "{\"overwrite\":7}|422",
        "[]|422",
      })
  void anUpdateOfTheWrongFormIsRefused(String body, int status) throws IOException {
    String id = register("http://one:9080");

    assertThat(edit("PATCH", "/deployments/" + id, body).status()).isEqualTo(status);
    assertThat(edit("PATCH", "/deployments/dp_10000000000000000000000", body).status())
        .isEqualTo(404);
    assertThat(edit("PUT", "/deployments/" + id, "{}").status()).isEqualTo(405);
  }

  @Test
  void aFunctionIsRegisteredByItsArnAndShownAsOne() throws IOException {
    found =
        found.thenApply(
            it -> new Discovered(ProtocolMode.REQUEST_RESPONSE, 5, 7, "", true, it.services()));
    Reply reply =
        client.post(
            "/deployments",
            "{\"arn\":\"" + FUNCTION + "\",\"assume_role_arn\":\"arn:aws:iam::1:role/r\"}");
    String id = json(reply).path("id").stringValue();

    assertThat(reply.status()).isEqualTo(201);
    JsonNode shown = json(client.get("/deployments/" + id));
    assertThat(shown.path("arn").stringValue()).isEqualTo(FUNCTION);
    assertThat(shown.path("assume_role_arn").stringValue()).isEqualTo("arn:aws:iam::1:role/r");
    assertThat(shown.path("compression").stringValue()).isEqualTo("Zstd");
    assertThat(shown.has("uri")).isFalse();
    assertThat(shown.has("protocol_type")).isFalse();
    assertThat(edit("PATCH", "/deployments/" + id, "{\"uri\":\"http://a\"}").status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "nope, Expected the ARN of a function",
    "arn:aws:lambda:eu-central-1:123456789012:function:g, a version or an alias",
    "arn:aws:lambda:eu-central-1:123456789012:function:g:, a version or an alias",
    "arn:aws:s3:::bucket:function:g:1, Expected the ARN of a function"
  })
  void aFunctionWithoutAVersionIsRefused(String arn, String why) throws IOException {
    Reply reply = client.post("/deployments", "{\"arn\":\"" + arn + "\"}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(json(reply).path("message").stringValue()).contains(why);
  }

  @Test
  void whatIsUsedIsNotRemovedWithoutForce() throws IOException {
    String old = register("http://one:9080");
    String latest = register("http://two:9080");
    pinned.set(3);

    Reply isLatest = edit("DELETE", "/deployments/" + latest, "");
    Reply isPinned = edit("DELETE", "/deployments/" + old, "");

    assertThat(isLatest.status()).isEqualTo(409);
    assertThat(json(isLatest).path("message").stringValue()).contains("latest revision of Greeter");
    assertThat(isPinned.status()).isEqualTo(409);
    assertThat(json(isPinned).path("message").stringValue()).contains("3 open invocations");
    assertThat(json(client.get("/deployments")).path("deployments")).hasSize(2);
  }

  @Test
  void whatIsNotUsedIsRemovedAndForceRemovesTheRest() throws IOException {
    String old = register("http://one:9080");
    String latest = register("http://two:9080");

    assertThat(edit("DELETE", "/deployments/" + old, "").status()).isEqualTo(202);
    assertThat(client.get("/deployments/" + old).status()).isEqualTo(404);
    assertThat(edit("DELETE", "/deployments/" + latest + "?force=true", "").status())
        .isEqualTo(202);
    assertThat(client.get("/services/Greeter").status()).isEqualTo(404);
    assertThat(edit("DELETE", "/deployments/" + latest + "?force=true", "").status())
        .isEqualTo(404);
    assertThat(edit("DELETE", "/deployments/" + latest + "?force=x", "").status()).isEqualTo(400);
  }

  @Test
  void aServiceIsMadePrivateWithItsHandlersAndKeepsWhatWasNotSaid() throws IOException {
    register("http://one:9080");

    Reply reply =
        edit(
            "PATCH",
            "/services/Greeter",
            "{\"public\":false,\"idempotency_retention\":\"2 days\",\"abort_timeout\":\"PT1H\"}");

    assertThat(reply.status()).isEqualTo(200);
    JsonNode service = json(reply);
    assertThat(service.path("public").booleanValue()).isFalse();
    assertThat(service.path("handlers").path(0).path("public").booleanValue()).isFalse();
    assertThat(service.path("idempotency_retention").stringValue()).isEqualTo("2d");
    assertThat(service.path("abort_timeout").stringValue()).isEqualTo("1h");
    assertThat(service.path("inactivity_timeout").stringValue()).isEqualTo("1m");
    assertThat(service.path("revision").intValue()).isEqualTo(1);
    assertThat(edit("PATCH", "/services/Greeter", "{\"public\":true}").body())
        .contains("\"public\":true")
        .doesNotContain("\"public\":false");
  }

  @Test
  void theRetentionOfAWorkflowIsItsRunHandlers() throws IOException {
    found = finding("Flow", ServiceKind.WORKFLOW, 5);
    register("http://one:9080");

    Reply reply = edit("PATCH", "/services/Flow", "{\"workflow_completion_retention\":\"0s\"}");

    assertThat(json(reply).path("workflow_completion_retention").stringValue()).isEqualTo("0s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Greeter|{\"workflow_completion_retention\":\"1d\"}|400",
        "Greeter|{\"inactivity_timeout\":\"soon\"}|422",
        "Greeter|{\"inactivity_timeout\":\"1 month\"}|422",
        "Greeter|{\"public\":1}|422",
        "Nobody|{\"public\":true}|404",
      })
  void aModificationOfTheWrongFormIsRefused(String service, String body, int status)
      throws IOException {
    register("http://one:9080");

    assertThat(edit("PATCH", "/services/" + service, body).status()).isEqualTo(status);
    assertThat(edit("PATCH", "/services/" + service + "/handlers", body).status()).isEqualTo(405);
  }

  private String register(String uri) throws IOException {
    return json(client.post("/deployments", "{\"uri\":\"" + uri + "\"}")).path("id").stringValue();
  }

  private Reply edit(String method, String path, String body) throws IOException {
    return client.request(method, path, body, "content-type: application/json");
  }

  private static CompletableFuture<Discovered> finding(String name, ServiceKind kind, int min) {
    HandlerRevision handler =
        new HandlerRevision(
            "run",
            kind == ServiceKind.WORKFLOW ? HandlerKind.WORKFLOW_RUN : HandlerKind.PLAIN,
            "*/*",
            false,
            null,
            "application/json",
            false,
            null,
            "",
            Map.of(),
            ServiceOptions.SILENT);
    ServiceRevision service =
        new ServiceRevision(
            name, kind, 0, "", Map.of("run", handler), "", Map.of(), ServiceOptions.SILENT);
    return CompletableFuture.completedFuture(
        new Discovered(ProtocolMode.BIDI_STREAM, min, 7, "sdk/1", false, List.of(service)));
  }
}
