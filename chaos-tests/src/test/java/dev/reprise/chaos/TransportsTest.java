package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.server.identity.RequestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every way to a service endpoint, with the official SDK at its end. Skipped where there is no Node
 * or nothing is installed, unless {@code REPRISE_CI=1}.
 */
class TransportsTest {
  private static final String FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:g:1";
  private static final String PASSWORD = "changeit";
  private static final int PARALLEL = 500;

  /** How long the caller on Lambda waits; the promise is about 60. */
  private static final int WAIT_SECONDS = Integer.getInteger("storm.lambda.wait", 10);

  @RegisterExtension final Storm storm = new Storm();

  @ParameterizedTest
  @CsvSource({
    "http1, true, RequestResponse",
    "http1-bidi, true, BidiStream",
    "http2, false, BidiStream"
  })
  @Timeout(120)
  void anEndpointIsReachedInTheProtocolItWasRegisteredWith(
      String way, boolean http11, String protocol) throws Exception {
    int port = storm.transports(way, Map.of());
    ServerProcess server = storm.server();

    Answer registered =
        register(
            server, "{\"uri\":\"http://127.0.0.1:" + port + "\",\"use_http_11\":" + http11 + "}");

    assertThat(registered.status()).as("%s", registered).isEqualTo(201);
    JsonNode deployment = server.admin().to("deployments").get().json().path("deployments").path(0);
    assertThat(deployment.path("protocol_type").stringValue()).isEqualTo(protocol);
    greetFiveTimes(server);
    assertThat(waitFor(server, 300)).isEqualTo("\"before, slept 300, after\"");
    greetInParallel(server, 40);
  }

  @Test
  @Timeout(120)
  void anEndpointOfTheOlderHttpIsToldHowToBeRegistered() throws Exception {
    int port = storm.transports("http1", Map.of());
    ServerProcess server = storm.server();

    Answer refused = register(server, "{\"uri\":\"http://127.0.0.1:" + port + "\"}");

    assertThat(refused.status()).isEqualTo(500);
    assertThat(refused.text()).contains("META0014").contains("use_http_11");
  }

  @ParameterizedTest
  @CsvSource({"tls, BidiStream", "tls-http1, RequestResponse"})
  @Timeout(120)
  void anEndpointBehindTlsIsReachedWhenItIsBelieved(String way, String protocol) throws Exception {
    Path directory = storm.directory();
    int port = storm.transports(way, certificate(directory));
    ServerProcess stranger = storm.server();
    ServerProcess server =
        storm.server("--endpoint-trust-pem-file", directory.resolve("server.pem").toString());
    String request = "{\"uri\":\"https://127.0.0.1:" + port + "\"}";

    Answer refused = register(stranger, request);
    Answer registered = register(server, request);

    assertThat(refused.text()).contains("META0003").contains("TLS");
    assertThat(registered.status()).as("%s", registered).isEqualTo(201);
    assertThat(server.admin().to("deployments").get().text()).contains(protocol);
    greetFiveTimes(server);
    assertThat(waitFor(server, 300)).isEqualTo("\"before, slept 300, after\"");
    greetInParallel(server, 20);
  }

  @Test
  @Timeout(120)
  void anEndpointAnswersNobodyButTheServerThatItKnows() throws Exception {
    Path key = key(storm.directory());
    String known = RequestIdentity.read(key, InstantSource.system()).publicKey();
    int port = storm.transports("http2", Map.of("IDENTITY_KEY", known));
    String request = "{\"uri\":\"http://127.0.0.1:" + port + "\"}";
    ServerProcess unsigned = storm.server();
    ServerProcess other = signing(key(storm.directory()));
    ServerProcess server = signing(key);

    assertThat(register(unsigned, request).text()).contains("META0003").contains("401");
    assertThat(register(other, request).text()).contains("META0003").contains("401");
    assertThat(register(server, request).status()).isEqualTo(201);
    greetFiveTimes(server);
    assertThat(
            server.ingress().to("greeter/" + IngressClient.segment("ä/ \"b\"") + "/greet").post())
        .satisfies(it -> assertThat(it.status()).as("%s", it).isEqualTo(200));
    assertThat(waitFor(server, 300)).isEqualTo("\"before, slept 300, after\"");
  }

  @Test
  @Timeout(300)
  void aFunctionServesAsAnEndpointDoesAndCostsNothingWhileItsCallersWait() throws Exception {
    int port = storm.transports("lambda", Map.of());
    ServerProcess server = lambda(port);

    Answer registered = register(server, "{\"arn\":\"" + FUNCTION + "\"}");

    assertThat(registered.status()).as("%s", registered).isEqualTo(201);
    JsonNode deployment = server.admin().to("deployments").get().json().path("deployments").path(0);
    assertThat(deployment.path("arn").stringValue()).isEqualTo(FUNCTION);
    greetFiveTimes(server);
    greetInParallel(server, PARALLEL);

    int millis = WAIT_SECONDS * 1_000;
    assertThat(waitFor(server, millis)).isEqualTo("\"before, slept " + millis + ", after\"");
    double busy = told(port, "busy").path("waiter").doubleValue();
    storm.say("a caller that waited %d s was busy %.0f ms", WAIT_SECONDS, busy);
    assertThat(busy).as("milliseconds that the caller was busy").isLessThan(1_000);
  }

  /** The official handler takes and gives zstd from Node 22.15 on; before, it does not say so. */
  @Test
  @Timeout(120)
  void largeBodiesOfAFunctionAreCompressedWhereItTakesThat() throws Exception {
    int port = storm.transports("lambda", Map.of());
    boolean supported = told(port, "packed").path("supported").booleanValue();
    ServerProcess server = lambda(port);
    String large = "\"" + "compressible ".repeat(400_000) + "\"";

    assertThat(register(server, "{\"arn\":\"" + FUNCTION + "\"}").status()).isEqualTo(201);
    String echo = server.ingress().to("waiter/echo").post(large).expectText();

    assertThat(echo).isEqualTo(large);
    JsonNode deployment = server.admin().to("deployments").get().json().path("deployments").path(0);
    assertThat(deployment.path("compression").asString("")).isEqualTo(supported ? "Zstd" : "");
    JsonNode packed = told(port, "packed");
    storm.say("of Node's SDK on Lambda: %s", packed);
    assertThat(packed.path("requests").intValue() > 0).isEqualTo(supported);
    assertThat(packed.path("answers").intValue() > 0).isEqualTo(supported);
  }

  @Test
  @Timeout(120)
  void aSignedRequestReachesAFunctionAndAForeignOneDoesNot() throws Exception {
    Path key = key(storm.directory());
    String known = RequestIdentity.read(key, InstantSource.system()).publicKey();
    int port = storm.transports("lambda", Map.of("IDENTITY_KEY", known));
    ServerProcess unsigned = lambda(port);
    ServerProcess server = lambda(port, "--request-identity-private-key-pem-file", key.toString());

    assertThat(register(unsigned, "{\"arn\":\"" + FUNCTION + "\"}").text()).contains("401");
    assertThat(register(server, "{\"arn\":\"" + FUNCTION + "\"}").status()).isEqualTo(201);
    greetFiveTimes(server);
  }

  @Test
  @Timeout(120)
  void whatBeganOnADeploymentEndsThereAndKeepsItFromBeingRemoved() throws Exception {
    int before = storm.transports("http2", Map.of());
    int after = storm.transports("http2", Map.of());
    ServerProcess server = storm.server();
    String id = registeredAs(server, before);
    Answer accepted = server.ingress().to("waiter/wait/send").post("4000");
    String waiting = accepted.expectAccepted().path("invocationId").stringValue();
    awaitPin(server, waiting, id);
    registeredAs(server, after);

    Answer refused = remove(server, id);
    Answer outcome = server.ingress().attach(waiting);

    assertThat(refused.status()).as("%s", refused).isEqualTo(409);
    assertThat(refused.text()).contains("open invocations began on " + id);
    assertThat(outcome.expectText()).isEqualTo("\"before, slept 4000, after\"");
    assertThat(remove(server, id).status()).isEqualTo(202);
    greetFiveTimes(server);
  }

  private static void awaitPin(ServerProcess server, String invocation, String deployment) {
    eventually(
        Duration.ofSeconds(20),
        () ->
            assertThat(server.admin().open("waiter"))
                .anySatisfy(
                    it -> {
                      assertThat(it.getId()).isEqualTo(invocation);
                      assertThat(it.getDeployment()).isEqualTo(deployment);
                    }));
  }

  private static String registeredAs(ServerProcess server, int port) throws IOException {
    return register(server, "{\"uri\":\"http://127.0.0.1:" + port + "\"}")
        .json()
        .path("id")
        .stringValue();
  }

  private static Answer register(ServerProcess server, String request) throws IOException {
    return server.admin().to("deployments").within(Duration.ofSeconds(60)).post(request);
  }

  private static Answer remove(ServerProcess server, String id) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.admin().base() + "/deployments/" + id))
              .timeout(Duration.ofSeconds(30))
              .DELETE()
              .build();
      var response = client.send(request, BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.body(), "");
    }
  }

  private static void greetFiveTimes(ServerProcess server) throws IOException {
    String[] keys = {"Sonali", "Sonali", "Hedy", "Sonali", "Hedy"};
    Map<String, Integer> counts = new HashMap<>();
    for (String key : keys) {
      int count = counts.getOrDefault(key, 0) + 1;
      counts.put(key, count);
      assertThat(server.ingress().to("greeter/" + key + "/greet").post().expectText())
          .isEqualTo("\"Hello " + key + " for the " + count + "-th time.\"");
    }
  }

  private static void greetInParallel(ServerProcess server, int calls) throws Exception {
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      answers.add(
          server.ingress().to("greeter/crowd/greet").within(Duration.ofMinutes(2)).postAsync());
    }
    Set<String> greetings = new TreeSet<>();
    for (CompletableFuture<Answer> each : answers) {
      greetings.add(each.get(120, TimeUnit.SECONDS).expectText());
    }
    assertThat(greetings).as("each count once").hasSize(calls);
    assertThat(greetings).contains("\"Hello crowd for the " + calls + "-th time.\"");
  }

  private static String waitFor(ServerProcess server, int millis) throws IOException {
    return server
        .ingress()
        .to("waiter/wait")
        .within(Duration.ofMillis(millis).plusSeconds(60))
        .post(Integer.toString(millis))
        .expectText();
  }

  private ServerProcess signing(Path key) {
    return storm.server("--request-identity-private-key-pem-file", key.toString());
  }

  private ServerProcess lambda(int port, String... flags) {
    return storm.serverWith(
        Map.of(
            "AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:" + port,
            "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "none"),
        flags);
  }

  /** What the stand-in for Lambda tells of itself. */
  private static JsonNode told(int port, String what) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + what))
              .timeout(Duration.ofSeconds(10))
              .build();
      return JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
    }
  }

  private static Path key(Path directory) throws Exception {
    byte[] secret =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    return Files.writeString(
        directory.resolve("key.pem"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(secret)
            + "\n-----END PRIVATE KEY-----\n");
  }

  /** A certificate for 127.0.0.1, made with the JDK's tool; says where the service finds it. */
  private static Map<String, String> certificate(Path directory) {
    String store = directory.resolve("server.p12").toString();
    String pem = directory.resolve("server.pem").toString();
    keytool(
        List.of("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=endpoint"),
        List.of("-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12"),
        List.of("-storepass", PASSWORD, "-keystore", store));
    keytool(
        List.of("-exportcert", "-rfc", "-alias", "server", "-file", pem),
        List.of("-storepass", PASSWORD, "-keystore", store));
    return Map.of("PFX", store, "PASSPHRASE", PASSWORD);
  }

  @SafeVarargs
  private static void keytool(List<String>... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    for (List<String> some : arguments) {
      command.addAll(some);
    }
    try (JavaProcess tool = JavaProcess.start("keytool", new ProcessBuilder(command))) {
      assertThat(tool.awaitEnd(Duration.ofSeconds(30))).as("%s", tool.tail()).isZero();
    }
  }
}
