package dev.reprise.server.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.server.endpoint.EndpointAddress;
import dev.reprise.server.endpoint.EndpointRequest;
import dev.reprise.server.endpoint.Functions.Answer;
import dev.reprise.storage.model.Bytes;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions, called with the real AWS SDK through a server that speaks Lambda's API. */
class LambdaFunctionsTest {
  private static final String ARN = "arn:aws:lambda:eu-central-1:123456789012:function:greeter:7";
  private static final JsonMapper JSON = new JsonMapper();

  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private volatile Script script = exchange -> answer(exchange, 200, "{\"statusCode\":200}");
  private HttpServer aws;
  private LambdaFunctions functions;

  private interface Script {
    void play(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void open() throws IOException {
    System.setProperty("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE");
    System.setProperty("aws.secretAccessKey", "none");
    aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    aws.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    aws.createContext("/", this::handle);
    aws.start();
    functions = new LambdaFunctions(options(100));
  }

  private LambdaOptions options(int calls) {
    URI at = URI.create("http://127.0.0.1:" + aws.getAddress().getPort());
    return new LambdaOptions("reprise-test", "outside", at, calls, 1_000);
  }

  @AfterEach
  void close() {
    functions.close();
    aws.stop(0);
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8);
    byte[] body = exchange.getRequestBody().readAllBytes();
    String credentials = String.valueOf(exchange.getRequestHeaders().getFirst("authorization"));
    if (path.equals("/")) {
      seen.add(
          "sts "
              + URLDecoder.decode(
                  new String(body, StandardCharsets.UTF_8), StandardCharsets.UTF_8));
      answer(exchange, 200, assumed());
      return;
    }
    seen.add(exchange.getRequestMethod() + " " + path + " as " + credentials.split("[=/]", -1)[1]);
    events.add(JSON.readTree(body));
    script.play(exchange);
  }

  private static String assumed() {
    return "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
        + "<AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>"
        + "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        + "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
        + "</AssumeRoleResponse>";
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static EndpointRequest request(String role, boolean zstd) {
    return new EndpointRequest(
        EndpointAddress.of(new DeploymentAddress.Lambda(ARN, role, zstd)),
        EndpointRequest.POST,
        AsciiString.of("/invoke/Greeter/greet"),
        "",
        new AsciiString[] {AsciiString.of("content-type"), AsciiString.of("a/b")});
  }

  private Answer call(String body) throws Exception {
    return call(request("", false), body.getBytes(StandardCharsets.UTF_8));
  }

  private Answer call(EndpointRequest request, byte[] body) throws Exception {
    return functions.call(request, Bytes.of(body)).get(60, TimeUnit.SECONDS);
  }

  @Test
  void aRequestIsPutIntoAnEnvelopeAndTheAnswerTakenOut() throws Exception {
    script =
        exchange ->
            answer(
                exchange,
                200,
                "{\"statusCode\":201,\"headers\":{\"Content-Type\":\"c/d\",\"x-restate-server\":"
                    + "\"sdk/1\"},\"body\":\"aGk=\",\"isBase64Encoded\":true}");

    Answer answer = call("hello");

    assertThat(seen)
        .containsExactly(
            "POST /2015-03-31/functions/" + ARN + "/invocations as AKIAIOSFODNN7EXAMPLE");
    assertThat(events.getFirst())
        .isEqualTo(
            JSON.readTree(
                "{\"path\":\"/invoke/Greeter/greet\",\"httpMethod\":\"POST\",\"headers\":"
                    + "{\"content-type\":\"a/b\"},\"body\":\"aGVsbG8=\",\"isBase64Encoded\":true}"));
    assertThat(answer.head().status()).isEqualTo(201);
    assertThat(answer.head().contentType()).isEqualTo("c/d");
    assertThat(answer.head().server()).isEqualTo("sdk/1");
    assertThat(new String(answer.body().toArray(), StandardCharsets.UTF_8)).isEqualTo("hi");
  }

  @Test
  void anAnswerMayLeaveOutAllButItsStatus() throws Exception {
    assertThat(call("").body().length()).isZero();
    script =
        exchange -> answer(exchange, 200, "{\"statusCode\":404,\"headers\":null,\"body\":\"ä\"}");
    assertThat(new String(call("").body().toArray(), StandardCharsets.UTF_8)).isEqualTo("ä");
  }

  @Test
  void whatIsLongIsCompressedBothWaysWhereTheFunctionKnowsThat() throws Exception {
    byte[] body = new byte[3_000];
    new Random(1).nextBytes(body);
    script =
        exchange -> {
          String packed = Base64.getEncoder().encodeToString(Zstd.compress(body, 3));
          answer(
              exchange,
              200,
              "{\"statusCode\":200,\"headers\":{\"Content-Encoding\":\"ZSTD\"},\"body\":\""
                  + packed
                  + "\",\"isBase64Encoded\":true}");
        };

    Answer answer = call(request("", true), body);
    call(request("", true), new byte[10]);
    call(request("", false), body);

    assertThat(answer.body().toArray()).isEqualTo(body);
    JsonNode large = events.getFirst();
    assertThat(large.path("headers").path("content-encoding").stringValue()).isEqualTo("zstd");
    assertThat(large.path("headers").path("accept-encoding").stringValue()).isEqualTo("zstd");
    byte[] sent = Base64.getDecoder().decode(large.path("body").stringValue());
    assertThat(Zstd.decompress(sent, body.length)).isEqualTo(body);
    assertThat(events.get(1).path("headers").has("content-encoding")).isFalse();
    assertThat(events.get(1).path("headers").path("accept-encoding").stringValue())
        .isEqualTo("zstd");
    assertThat(events.get(2).path("headers").has("accept-encoding")).isFalse();
  }

  @Test
  void aRoleIsTakenOnceBeforeItsFunctionsAreCalled() throws Exception {
    call(request("arn:aws:iam::1:role/r", false), new byte[0]);
    call(request("arn:aws:iam::1:role/r", false), new byte[0]);

    assertThat(seen).hasSize(3);
    assertThat(seen.getFirst())
        .startsWith("sts ")
        .contains("Action=AssumeRole")
        .contains("RoleArn=arn:aws:iam::1:role/r")
        .contains("RoleSessionName=reprise-test")
        .contains("ExternalId=outside");
    assertThat(seen.get(1)).endsWith("as ASIAROLE");
  }

  @Test
  void aFunctionThatFailsIsSaidWithItsWords() {
    script =
        exchange -> {
          exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
          answer(exchange, 200, "{\"errorMessage\":\"out of luck\"}");
        };

    assertThatThrownBy(() -> call(""))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("failed (Unhandled)")
        .hasMessageContaining("out of luck");
  }

  @Test
  void tooManyAndTooLargeAreStatusesAndNothingIsTriedAgainHere() throws Exception {
    script =
        exchange -> {
          exchange.getResponseHeaders().set("x-amzn-errortype", "TooManyRequestsException");
          answer(exchange, 429, "{\"message\":\"slow down\"}");
        };
    assertThat(call("").head().status()).isEqualTo(429);
    script =
        exchange -> {
          exchange.getResponseHeaders().set("x-amzn-errortype", "RequestTooLargeException");
          answer(exchange, 413, "{\"message\":\"too large\"}");
        };
    assertThat(call("").head().status()).isEqualTo(413);
    script = exchange -> answer(exchange, 503, "{\"message\":\"away\"}");
    assertThatThrownBy(() -> call("")).hasMessageContaining("was not called");
    assertThat(events).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "|statusCode",
        "{|in JSON",
        "[]|statusCode",
        "{\"statusCode\":\"200\"}|statusCode",
        "{\"statusCode\":200,\"headers\":{\"a\":1}}|header 'a'",
        "{\"statusCode\":200,\"body\":7}|text in the body",
        "{\"statusCode\":200,\"body\":\"?\",\"isBase64Encoded\":true}|base64",
        "{\"statusCode\":200,\"headers\":{\"content-encoding\":\"zstd\"},\"body\":\"x\"}|zstd",
      })
  void anAnswerOfTheWrongFormIsAFailure(String payload, String why) {
    script = exchange -> answer(exchange, 200, payload == null ? "" : payload);

    assertThatThrownBy(() -> call("")).hasMessageContaining("Expected").hasMessageContaining(why);
  }

  @Test
  void beyondTheBoundCallsAreRefusedAsABusyEndpointWould() throws Exception {
    CountDownLatch inside = new CountDownLatch(3);
    CountDownLatch goOn = new CountDownLatch(1);
    script =
        exchange -> {
          inside.countDown();
          try {
            boolean told = goOn.await(60, TimeUnit.SECONDS);
            answer(exchange, 200, "{\"statusCode\":" + (told ? 200 : 500) + "}");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    try (LambdaFunctions few = new LambdaFunctions(options(3))) {
      List<CompletableFuture<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        calls.add(few.call(request("", false), Bytes.EMPTY));
      }
      assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();

      Answer refused = few.call(request("", false), Bytes.EMPTY).get(5, TimeUnit.SECONDS);
      goOn.countDown();

      assertThat(refused.head().status()).isEqualTo(429);
      for (CompletableFuture<Answer> each : calls) {
        assertThat(each.get(60, TimeUnit.SECONDS).head().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void nobodyThereIsSaid() {
    aws.stop(0);

    assertThatThrownBy(() -> call(""))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("was not called");
  }
}
