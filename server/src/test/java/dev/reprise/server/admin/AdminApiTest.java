package dev.reprise.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.HttpServer;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.RawClient.Reply;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Paths, bodies and what else is the same all over the admin HTTP API, over real sockets. */
class AdminApiTest extends RegistryTest {
  private static final String ONE = "{\"uri\":\"http://one:9080\"}";

  AdminApiTest() {
    super(CompletableFuture.completedFuture(Discoveries.greeter()));
  }

  @Override
  HttpLimits limits() {
    return new HttpLimits(1 << 16, 1 << 20, 50);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "|400",
        "{|400",
        "[]|422",
        "{}|422",
        "{\"uri\":7}|422",
        "{\"uri\":\"http://a\",\"force\":\"x\"}|422",
        "{\"uri\":\"http://a\",\"metadata\":{\"a\":1}}|422",
        "{\"uri\":\"http://a\",\"metadata\":[]}|422",
        "{\"uri\":\"http://a\",\"additional_headers\":{\"a b\":\"1\"}}|422",
      })
  void aBodyOfTheWrongFormIsRefusedInPlainText(String body, int status) throws IOException {
    Reply reply = client.post("/deployments", body == null ? "" : body);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(reply.body()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative", "/path", "ftp://a", "http:///x", "http://a b"})
  void anAddressThatIsNoneIsRefused(String uri) throws IOException {
    Reply reply = client.post("/deployments", "{\"uri\":\"" + uri + "\"}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(json(reply).path("message").stringValue()).contains("absolute URI");
  }

  @Test
  void aBodyMustSayThatItIsJson() throws IOException {
    assertThat(client.request("POST", "/deployments", ONE).status()).isEqualTo(415);
    assertThat(client.request("POST", "/deployments", ONE, "content-type: text/plain").status())
        .isEqualTo(415);
    assertThat(
            client
                .request(
                    "POST", "/deployments", ONE, "content-type: application/json; charset=utf-8")
                .status())
        .isEqualTo(201);
  }

  @Test
  void aBodyHasALimit() throws IOException {
    assertThat(client.post("/deployments", " ".repeat((1 << 16) + 1)).status()).isEqualTo(413);
  }

  @Test
  void theVersionIsOneThatClientsKnow() throws IOException {
    JsonNode version = json(client.get("/version"));

    assertThat(version.path("version").stringValue()).isEqualTo("1.7.12");
    assertThat(version.path("server").stringValue()).isEqualTo("reprise");
    assertThat(version.path("server_version").stringValue()).isEqualTo("0.1.0");
    assertThat(version.path("min_admin_api_version").intValue()).isEqualTo(2);
    assertThat(version.path("max_admin_api_version").intValue()).isEqualTo(4);
    assertThat(version.path("features").path("protocol_v7").booleanValue()).isTrue();
    assertThat(version.path("ingress_endpoint").stringValue()).isEqualTo("http://127.0.0.1:8080/");
    assertThat(version.path("features").path("vqueues").booleanValue()).isFalse();
  }

  @Test
  void healthIsEmptyAndTheClusterNamesItsMembers() throws IOException {
    assertThat(client.get("/health").statusLine()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(client.get("/cluster-health").body())
        .isEqualTo("{\"cluster_name\":\"demo\",\"metadata_cluster_health\":{\"members\":[1,2]}}");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 404",
    "GET, /nope, 404",
    "GET, /v5/health, 404",
    "GET, /v1/health, 400",
    "GET, /v2, 404",
    "GET, /deployments/foo, 400",
    "GET, /deployments/dp_10000000000000000000000, 404",
    "GET, /deployments/dp_10000000000000000000000/x, 404",
    "GET, /services/Nope, 404",
    "GET, /services/Nope/handlers, 404",
    "GET, /services/Nope/nope, 404",
    "GET, /services/Nope/handlers/h/x, 404",
    "DELETE, /deployments, 405",
    "POST, /services, 405",
    "OPTIONS, /deployments, 405",
    "POST, /health, 405"
  })
  void otherPathsAndMethodsAreRefused(String method, String path, int status) throws IOException {
    Reply reply = client.request(method, path, "");

    assertThat(reply.status()).isEqualTo(status);
    if (status == 405) {
      assertThat(reply.header("allow")).isNotEmpty();
      assertThat(reply.bytes()).isEmpty();
    }
  }

  @Test
  void metricsAreShownHereAndOnTheNodePort() throws IOException {
    routes.metrics().gauge("reprise_gateway_waiting_requests", "Requests that wait.", () -> 7);
    NodeApi api = new NodeApi(routes.metrics(), ForkJoinPool.commonPool(), () -> new byte[] {1});
    try (HttpServer node = loops.serve(api);
        RawClient scraper = new RawClient(node.address())) {
      assertThat(client.get("/metrics").body()).contains("reprise_gateway_waiting_requests 7.0");
      assertThat(scraper.get("/metrics").body()).contains("reprise_gateway_waiting_requests 7.0");
      assertThat(scraper.get("/metrics").header("content-type")).startsWith("text/plain");
      assertThat(scraper.get("/health").status()).isEqualTo(200);
      assertThat(scraper.get("/deployments").status()).isEqualTo(404);
      assertThat(scraper.request("POST", "/health", "").status()).isEqualTo(405);
    }
  }
}
