package dev.reprise.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.net.EventLoops;
import dev.reprise.storage.model.HandlerKind;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be registered, and what whoever tries otherwise is told. */
class EndpointDiscoveryTest {
  private static final String V4 = "application/vnd.restate.endpointmanifest.v4+json";
  private static final String GREETER =
      "{'name':'Greeter','ty':'SERVICE','handlers':[{'name':'greet'}]}";

  private final EventLoops loops = EventLoops.open(1);
  private final LoopEndpoints endpoints =
      new LoopEndpoints(
          loops.loop(0).eventLoop(), loops.channel(), EndpointOptions.DEFAULTS, HostNames.system());
  private final EndpointDiscovery discovery =
      new EndpointDiscovery(endpoints, loops.loop(0), "a cluster");

  @AfterEach
  void close() {
    endpoints.close();
    loops.close();
  }

  private static String manifest(String services) {
    return ("{'protocolMode':'BIDI_STREAM','minProtocolVersion':5,'maxProtocolVersion':7,"
            + "'services':["
            + services
            + "]}")
        .replace('\'', '"');
  }

  private static ScriptedEndpoint.Script answering(String body, String... headers) {
    return peer -> {
      peer.read(1);
      peer.head(200, headers);
      peer.send(body.getBytes(StandardCharsets.UTF_8));
      peer.end();
    };
  }

  private Discovered discover(String body) throws Exception {
    try (ScriptedEndpoint endpoint =
        new ScriptedEndpoint(
            answering(body, "content-type", V4, "x-restate-server", "an-sdk/1.0"))) {
      return ask(endpoint.uri());
    }
  }

  private Discovered ask(String uri) throws Exception {
    try {
      return discovery
          .discover(new DeploymentAddress.Http(uri, false), Map.of("X-Mine", "1"))
          .get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DiscoveryException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private DiscoveryException refusal(String body) {
    return refusalOf(() -> discover(body));
  }

  private static DiscoveryException refusalOf(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable asking) {
    return Objects.requireNonNull(catchThrowableOfType(DiscoveryException.class, asking));
  }

  @Test
  void theRequestAsksForAllManifestVersionsInOneHeader() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          seen.complete(
              peer.path()
                  + " | "
                  + peer.header("accept")
                  + " | "
                  + peer.header("x-restate-cluster-name")
                  + " | "
                  + peer.header("x-mine"));
          answering(manifest(GREETER), "content-type", V4).play(peer);
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script)) {
      ask(endpoint.uri() + "prefix/?key=1");
    }
    assertThat(seen.join())
        .isEqualTo(
            "/prefix/discover?key=1 | application/vnd.restate.endpointmanifest.v1+json,"
                + " application/vnd.restate.endpointmanifest.v2+json,"
                + " application/vnd.restate.endpointmanifest.v3+json,"
                + " application/vnd.restate.endpointmanifest.v4+json | a cluster | 1");
  }

  @Test
  void aManifestIsReadWithItsDefaults() throws Exception {
    Discovered found = discover(manifest(GREETER));

    assertThat(found.mode()).isEqualTo(ProtocolMode.BIDI_STREAM);
    assertThat(found.minProtocolVersion()).isEqualTo(5);
    assertThat(found.maxProtocolVersion()).isEqualTo(7);
    assertThat(found.sdkVersion()).isEqualTo("an-sdk/1.0");
    HandlerRevision greet = Objects.requireNonNull(found.services().get(0).handler("greet"));
    assertThat(greet.kind()).isEqualTo(HandlerKind.PLAIN);
    assertThat(greet.inputContentType()).isEqualTo("*/*");
    assertThat(greet.inputRequired()).isFalse();
    assertThat(greet.outputContentType()).isEqualTo("application/json");
  }

  @Test
  void aManifestIsReadWithAllThatItMaySay() throws Exception {
    Discovered found =
        discover(
            manifest(
                "{'name':'Flow','ty':'WORKFLOW','documentation':'d','metadata':{'a':'b'},"
                    + "'inactivityTimeout':1,'abortTimeout':2,'journalRetention':3,"
                    + "'idempotencyRetention':4,'enableLazyState':true,'ingressPrivate':true,"
                    + "'retryPolicyInitialInterval':5,'retryPolicyMaxInterval':6,"
                    + "'retryPolicyMaxAttempts':0,'retryPolicyExponentiationFactor':1.5,"
                    + "'retryPolicyOnMaxAttempts':'KILL','handlers':["
                    + "{'name':'run','ty':'WORKFLOW','workflowCompletionRetention':7,"
                    + "'input':{'required':true,'contentType':'text/*','jsonSchema':{'a':1}},"
                    + "'output':{'setContentTypeIfEmpty':true}},{'name':'ask'}]}"));

    ServiceRevision flow = found.services().get(0);
    assertThat(flow.metadata()).containsEntry("a", "b");
    assertThat(flow.options().inactivityTimeout()).isEqualTo(Duration.ofMillis(1));
    assertThat(flow.options().retryMaxAttempts()).isEqualTo(1);
    assertThat(flow.options().retryFactor()).isEqualTo(1.5);
    assertThat(flow.options().retryOnMaxAttempts()).isEqualTo(OnMaxAttempts.KILL);
    HandlerRevision run = Objects.requireNonNull(flow.handler("run"));
    assertThat(run.kind()).isEqualTo(HandlerKind.WORKFLOW_RUN);
    assertThat(run.options().workflowCompletionRetention()).isEqualTo(Duration.ofMillis(7));
    assertThat(run.inputRequired()).isTrue();
    assertThat(run.inputSchema()).isEqualTo("{\"a\":1}");
    assertThat(run.outputContentType()).isNull();
    assertThat(run.setContentTypeIfEmpty()).isTrue();
    assertThat(Objects.requireNonNull(flow.handler("ask")).kind())
        .isEqualTo(HandlerKind.WORKFLOW_SHARED);
  }

  @Test
  void ofTwoServicesOfOneNameTheLastIsTaken() throws Exception {
    Discovered found =
        discover(manifest(GREETER + ",{'name':'Greeter','ty':'WORKFLOW','handlers':[]}"));
    assertThat(found.services()).extracting(ServiceRevision::kind).hasSize(1);
    assertThat(found.services().get(0).kind()).isEqualTo(ServiceRevision.ServiceKind.WORKFLOW);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no protocol mode         | "protocolMode":"BIDI_STREAM", |                          | META0013 | 500
          another protocol mode    | BIDI_STREAM                 | SMOKE                     | META0013 | 500
          min above max            | "minProtocolVersion":5      | "minProtocolVersion":9    | META0013 | 500
          no common version        | Version":7                  | Version":99, "minProtocolVersion":98 | META0012 | 500
          min too large            | "minProtocolVersion":5      | "minProtocolVersion":9999999999 | META0013 | 500
          too old                  | "minProtocolVersion":5,"maxProtocolVersion":7 | "minProtocolVersion":1,"maxProtocolVersion":4 | META0012 | 500
          reserved name            | Greeter                     | rEstateful                | META0005 | 400
          reserved name openapi    | Greeter                     | OpenAPI                   | META0005 | 400
          bad service name         | Greeter                     | 1Greeter                  |          | 500
          bad handler name         | "greet"                     | "gre-et"                  |          | 500
          unknown key in handler   | "greet"                     | "greet","surprise":1      |          | 500
          unknown key at the top   | "services"                  | "surprise":1,"services"   |          | 500
          not JSON                 | {                           | {{                        |          | 500
          exclusive in a service   | "greet"                     | "greet","ty":"EXCLUSIVE"  |          | 400
          retention where not kept | "greet"                     | "greet","workflowCompletionRetention":1 | | 400
          text for a number        | "greet"                     | "greet","abortTimeout":"1" |         | 500
          public in private        | "SERVICE"                   | "SERVICE","ingressPrivate":true |    |
          """)
  void aManifestThatIsNotAsItShouldBeIsRefused(
      String name, String what, String by, String code, Integer status) throws Exception {
    String body = manifest(GREETER).replace(what, by == null ? "" : by);
    if (status == null) {
      discover(body);
      body = body.replace("\"greet\"", "\"greet\",\"ingressPrivate\":false");
    }
    DiscoveryException refusal = refusal(body);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.httpStatus()).isEqualTo(status == null ? 400 : status);
    assertThat(refusal).hasMessageContaining("Expected");
  }

  @Test
  void aContentTypeWithAParameterIsRefused() throws Exception {
    try (ScriptedEndpoint endpoint =
        new ScriptedEndpoint(
            answering(manifest(GREETER), "content-type", V4 + "; charset=utf-8"))) {
      assertThat(refusalOf(() -> ask(endpoint.uri())).code()).isEqualTo("META0013");
    }
  }

  @Test
  void aManifestWithoutEndIsRefused() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          peer.head(200, "content-type", V4);
          for (int i = 0; i < 20; i++) {
            peer.send(new byte[1 << 20]);
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script)) {
      assertThat(refusalOf(() -> ask(endpoint.uri())).code()).isEqualTo("META0013");
    }
  }

  @Test
  void notFoundIsNotAskedAgainButUnavailableIs() throws Exception {
    try (ScriptedEndpoint endpoint =
        new ScriptedEndpoint(
            peer -> {
              peer.head(404);
              peer.end();
            })) {
      assertThat(refusalOf(() -> ask(endpoint.uri())).code()).isEqualTo("META0003");
      assertThat(endpoint.exchanges()).isEqualTo(1);

      endpoint.script(
          peer -> {
            if (peer.number() < 4) {
              peer.head(503);
              peer.end();
            } else {
              answering(manifest(GREETER), "content-type", V4).play(peer);
            }
          });
      assertThat(ask(endpoint.uri()).services()).hasSize(1);
      assertThat(endpoint.exchanges()).isEqualTo(4);
    }
  }

  @Test
  void nobodyThereIsSaidAfterFourTries() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    DiscoveryException refusal = refusalOf(() -> ask("http://127.0.0.1:" + port));
    assertThat(refusal.code()).isEqualTo("META0003");
    assertThat(refusal).hasMessageContaining("refused");
  }

  @Test
  void anEndpointOfTheOlderHttpIsRecognized() throws Exception {
    try (ServerSocket old = new ServerSocket(0)) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = old.accept()) {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                  socket.getInputStream().readAllBytes();
                } catch (java.io.IOException e) {
                  // The other side has seen enough.
                }
              });
      String uri = "http://127.0.0.1:" + old.getLocalPort();
      assertThat(refusalOf(() -> ask(uri)).code()).isEqualTo("META0014");
    }
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    assertThat(refusalOf(() -> ask("ftp://somewhere")).httpStatus()).isEqualTo(400);
    DeploymentAddress unversioned =
        new DeploymentAddress.Lambda("arn:aws:lambda:eu-central-1:1:function:f", "", false);
    assertThat(discovery.discover(unversioned, Map.of()))
        .failsWithin(Duration.ofSeconds(1))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("Expected the ARN of a version or an alias");
  }

  @Test
  void aNodeThatCallsNoFunctionsSaysSo() {
    DeploymentAddress function =
        new DeploymentAddress.Lambda("arn:aws:lambda:eu-central-1:1:function:f:1", "", false);
    assertThat(discovery.discover(function, Map.of()))
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("this node calls no functions");
  }
}
