package dev.reprise.sdk.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.api.MessageFraming;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Output;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.Workflow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client asks over a real socket, and what it makes of answers that a server gave. */
@Timeout(30)
class IngressClientTest {
  record Order(String item, int count) {}

  @Service("shop")
  interface Shop {
    @Handler
    String order(Order order);

    @Handler
    void stock();
  }

  @Workflow("signup")
  interface Signup {
    @Handler
    String run(String email);
  }

  private record Answer(int status, Map<String, String> headers, String body) {}

  private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final List<String> requests = new ArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private HttpServer server;
  private IngressClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client =
        IngressClient.connect(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) {
    try {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var line = new StringBuilder(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      for (String name : List.of("content-type", "idempotency-key", "x-restate-limit-key", "x-a")) {
        String value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
          line.append(" | ").append(name).append(": ").append(value);
        }
      }
      requests.add(line + (body.isEmpty() ? "" : " | " + body));
      asked.countDown();
      Answer answer = answers.poll(20, TimeUnit.SECONDS);
      if (answer == null) {
        exchange.close();
        return;
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      exchange.close();
    }
  }

  private void serverAnswers(int status, String body) {
    answers.add(new Answer(status, Map.of(), body));
  }

  private void invocationFailed(int status, String body) {
    answers.add(new Answer(status, Map.of("x-restate-error-source", "invocation"), body));
  }

  // ---- calls ----

  @Test
  void aCallThroughAnInterface() {
    serverAnswers(200, "\"2 tea\"");
    assertThat(client.client(Shop.class).order(new Order("tea", 2))).isEqualTo("2 tea");
    serverAnswers(200, "");
    client.client(Shop.class).stock();
    assertThat(requests)
        .containsExactly(
            "POST /restate/call/shop/order | content-type: application/json | {\"item\":\"tea\",\"count\":2}",
            "POST /restate/call/shop/stock");
  }

  @Test
  void aCallWithAllThatCanBeSaid() {
    serverAnswers(200, "\"x\"");
    String answer =
        client
            .header("x-a", "of all")
            .remote(Shop.class)
            .idempotencyKey("k")
            .scope("tenant")
            .limitKey("cpu")
            .call(it -> it.order(new Order("tea", 1)));
    assertThat(answer).isEqualTo("x");
    assertThat(requests.getFirst())
        .startsWith(
            "POST /restate/scope/tenant/call/shop/order | content-type: application/json | idempotency-key: k | x-restate-limit-key: cpu | x-a: of all | {");
  }

  @Test
  void keysAreEncoded() {
    serverAnswers(200, "1");
    int answer =
        client.call(Target.object("o", "a/b +ä", "h").header("x-a", "b"), null, Integer.class);
    assertThat(answer).isEqualTo(1);
    assertThat(requests).containsExactly("POST /restate/call/o/a%2Fb%20%2B%C3%A4/h | x-a: b");
  }

  @Test
  void bytesAreNotTouched() {
    serverAnswers(200, "abc");
    byte[] answer = client.call(Target.service("s", "h"), new byte[] {'x'}, byte[].class);
    assertThat(answer).containsExactly('a', 'b', 'c');
    assertThat(requests)
        .containsExactly("POST /restate/call/s/h | content-type: application/octet-stream | x");
  }

  @Test
  void aSendIsAcceptedAndMayBeDelayed() {
    serverAnswers(
        202,
        "{\"invocationId\":\"inv_1\",\"executionTime\":\"2026-11-22T10:22:14.568000000Z\",\"status\":\"Accepted\"}");
    Submission delayed = client.remote(Shop.class).send(Duration.ofSeconds(10), Shop::stock);
    assertThat(delayed)
        .isEqualTo(
            new Submission("inv_1", true, Optional.of(Instant.parse("2026-11-22T10:22:14.568Z"))));
    serverAnswers(202, "{\"invocationId\":\"inv_1\",\"status\":\"PreviouslyAccepted\"}");
    Submission again = client.remote(Signup.class, "ada").send(it -> it.run("ada@x"));
    assertThat(again).isEqualTo(new Submission("inv_1", false, Optional.empty()));
    assertThat(requests)
        .containsExactly(
            "POST /restate/send/shop/stock?delay=10000ms",
            "POST /restate/send/signup/ada/run | content-type: application/json | \"ada@x\"");
  }

  // ---- outcomes ----

  @Test
  void outcomesAreFoundByIdKeyOrWorkflow() {
    var workflow = client.remote(Signup.class, "ada");
    serverAnswers(200, "\"welcome\"");
    assertThat(client.attach(workflow.run(), String.class)).isEqualTo("welcome");
    serverAnswers(470, "{\"code\":470,\"message\":\"not ready\",\"source\":\"ingress\"}");
    assertThat(client.output(InvocationRef.id("inv_1"), String.class)).isEqualTo(Output.notReady());
    serverAnswers(200, "");
    assertThat(
            client.output(
                client.remote(Shop.class).idempotencyKey("k").called(Shop::stock), Void.class))
        .isEqualTo(Output.of(null));
    serverAnswers(200, "{\"invocationId\":\"inv_1\"}");
    assertThat(client.lookup(workflow.run())).isEqualTo("inv_1");
    String json = " | content-type: application/json | ";
    String signup = "{\"target\":\"workflow\",\"workflowName\":\"signup\",\"workflowKey\":\"ada\"}";
    assertThat(requests)
        .containsExactly(
            "POST /restate/attach" + json + signup,
            "POST /restate/output"
                + json
                + "{\"target\":\"invocation\",\"invocationId\":\"inv_1\"}",
            "POST /restate/output"
                + json
                + "{\"target\":\"idempotentInvocation\",\"service\":\"shop\",\"handler\":\"stock\",\"idempotencyKey\":\"k\"}",
            "POST /restate/lookup" + json + signup);
  }

  @Test
  void awakeablesAreCompleted() {
    serverAnswers(202, "");
    client.resolveAwakeable("sign_1a", "yes");
    serverAnswers(202, "");
    client.rejectAwakeable("sign_1a", "no");
    assertThat(requests)
        .containsExactly(
            "POST /restate/awakeables/sign_1a/resolve | content-type: application/json | \"yes\"",
            "POST /restate/awakeables/sign_1a/reject | content-type: text/plain | no");
  }

  // ---- failures ----

  @Test
  void aFailureOfTheInvocationIsWhatAHandlerWouldSee() {
    invocationFailed(
        418,
        "{\"code\":418,\"message\":\"boom\",\"metadata\":{\"k\":\"v\"},\"source\":\"invocation\"}");
    assertThatThrownBy(() -> client.client(Shop.class).stock())
        .isInstanceOfSatisfying(
            TerminalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(418);
              assertThat(e).hasMessage("boom");
              assertThat(e.metadata()).isEqualTo(Map.of("k", "v"));
            });
    invocationFailed(200, "{\"code\":200,\"message\":\"odd\",\"source\":\"invocation\"}");
    assertThatThrownBy(() -> client.client(Shop.class).stock())
        .isInstanceOf(TerminalException.class)
        .hasMessage("odd");
  }

  @Test
  void aRequestThatTheServerDidNotTakeIsAnotherFailure() {
    serverAnswers(404, "{\"code\":404,\"message\":\"no such service\",\"source\":\"ingress\"}");
    assertThatThrownBy(() -> client.client(Shop.class).stock())
        .isInstanceOfSatisfying(IngressException.class, e -> assertThat(e.status()).isEqualTo(404))
        .hasMessage("no such service");
    serverAnswers(502, "<html>");
    assertThatThrownBy(() -> client.client(Shop.class).stock()).hasMessage("<html>");
  }

  @Test
  void anAnswerThatIsNotUnderstoodSaysWhatWasExpected() {
    for (String bad : List.of("", "{", "[]", "{\"invocationId\":1}")) {
      serverAnswers(202, bad);
      assertThatThrownBy(() -> client.remote(Shop.class).send(Shop::stock))
          .as(bad)
          .isInstanceOf(IngressException.class)
          .hasMessageContaining("Expected");
    }
  }

  @Test
  void aLostAnswerIsNoAnswer() {
    server.stop(0);
    assertThatThrownBy(() -> client.client(Shop.class).stock())
        .isInstanceOfSatisfying(
            IngressException.class, e -> assertThat(e.status()).isEqualTo(IngressException.NONE));
  }

  @Test
  void anAnswerHasABound() {
    serverAnswers(200, "x".repeat(MessageFraming.FRAME_LIMIT + 1));
    assertThatThrownBy(() -> client.call(Target.service("s", "h"), null, byte[].class))
        .isInstanceOf(IngressException.class)
        .hasMessageContaining("Expected an answer of at most");
  }

  @Test
  void whoIsInterruptedStopsWaiting() throws Exception {
    var waiting = client.callAsync(Target.service("s", "h"), null, TypeRef.of(String.class));
    Thread waiter = Thread.ofVirtual().unstarted(() -> await(waiting));
    waiter.start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    waiter.interrupt();
    assertThat(waiter.join(Duration.ofSeconds(10))).isTrue();
    serverAnswers(200, "");
    assertThat(waiting).failsWithin(Duration.ofSeconds(10));
  }

  private static void await(java.util.concurrent.CompletableFuture<String> waiting) {
    assertThatThrownBy(() -> IngressClient.await(waiting))
        .isInstanceOf(IngressException.class)
        .hasMessageContaining("interrupted");
  }
}
