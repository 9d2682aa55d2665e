package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.storage.model.InvocationId;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls and sends through the public HTTP API, over real sockets. */
class HttpGatewayTest extends GatehouseTest {
  @Test
  void aCallAnswersWithTheOutputOfItsHandler() throws IOException {
    Reply reply = client.post("/Probe/echo", "{\"a\":1}");

    assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(reply.body()).isEqualTo("{\"a\":1}");
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    assertThat(reply.header("x-restate-id")).matches(ID);
    assertThat(reply.header("access-control-allow-credentials")).isEqualTo("true");
    assertThat(reply.header("vary")).contains("origin");
    assertThat(reply.header("date")).endsWith(" GMT");
    assertThat(reply.headers()).doesNotContainKey("idempotency-expires");
  }

  @Test
  void aConnectionCarriesManyRequests() throws IOException {
    for (int i = 0; i < 100; i++) {
      assertThat(client.post("/Probe/echo", "\"" + i + "\"").body()).isEqualTo("\"" + i + "\"");
    }
  }

  @Test
  void anEmptyOutputHasNoContentType() throws IOException {
    Reply reply = client.post("/Probe/void", "x");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("content-length")).isEqualTo("0");
    assertThat(reply.headers()).doesNotContainKey("content-type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/Probe/echo",
        "/Probe/echo/",
        "//Probe/echo",
        "/restate/call/Probe/echo",
        "http://somewhere:8080/Probe/echo"
      })
  void aHandlerHasMoreThanOnePath(String path) throws IOException {
    assertThat(client.post(path, "1").body()).isEqualTo("1");
  }

  @Test
  void aSendIsAcceptedAndSaysItsId() throws IOException {
    Reply reply = client.post("/Probe/wait/send", "1");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.body())
        .isEqualTo(
            "{\"invocationId\":\"" + reply.header("x-restate-id") + "\",\"status\":\"Accepted\"}");
    assertThat(client.post("/restate/send/Probe/wait", "1").status()).isEqualTo(202);
    assertThat(client.post("/restate/send/Obj/k/wait", "1").status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delay=10s",
        "DELAY=PT10S",
        "delaySec=10",
        "a=b&delay=10%20seconds",
        "delay=10+sec"
      })
  void aDelayedSendSaysWhenItStarts(String query) throws IOException {
    Reply reply = client.post("/Probe/echo/send?" + query, "1");

    assertThat(reply.body()).contains("\"executionTime\":\"2026-11-22T10:22:14.568000000Z\"");
  }

  @Test
  void aDelayOfNothingStillHasATime() throws IOException {
    assertThat(client.post("/Probe/echo/send?delay=0s", "1").body())
        .contains("\"executionTime\":\"2026-11-22T10:22:04.568000000Z\"");
  }

  @Test
  void theSameIdempotencyKeyIsTheSameInvocation() throws IOException {
    Reply first = client.post("/Probe/echo", "1", "idempotency-key: k");
    Reply second = client.post("/Probe/echo", "2", "idempotency-key: k");
    Reply send = client.post("/Probe/echo/send", "3", "idempotency-key: k");

    assertThat(second.body()).isEqualTo("1");
    assertThat(second.header("x-restate-id")).isEqualTo(first.header("x-restate-id"));
    assertThat(first.headers()).doesNotContainKey("idempotency-expires");
    assertThat(second.header("idempotency-expires")).isEqualTo("1970-01-02T00:00:01.000+00:00");
    assertThat(send.body()).contains("\"status\":\"PreviouslyAccepted\"");
  }

  @Test
  void aSecondSendOfAScheduledInvocationSaysTheFirstTime() throws IOException {
    client.post("/Probe/echo/send?delay=10s", "1", "idempotency-key: k");

    assertThat(client.post("/Probe/echo/send?delay=1h", "1", "idempotency-key: k").body())
        .contains("\"executionTime\":\"2026-11-22T10:22:14.568000000Z\"")
        .contains("PreviouslyAccepted");
  }

  @Test
  void aHandlerSeesThePathFirstAndThenTheHeadersInOrder() throws IOException {
    Reply reply =
        client.request(
            "POST",
            "/Probe/headers?x=1&y=%20z",
            "7 bytes",
            "X-Foo: Bar",
            "x-foo: second",
            "connection: keep-alive",
            "idempotency-key: k",
            "traceparent: 00-01",
            "authorization: Bearer x",
            "content-type: text/plain",
            "te: trailers");

    assertThat(reply.body())
        .isEqualTo(
            """
            x-restate-ingress-path=/Probe/headers?x=1&y=%20z
            x-foo=Bar
            traceparent=00-01
            authorization=Bearer x
            content-type=text/plain
            te=trailers
            content-length=7
            """);
  }

  @Test
  void aCallInAScopeCountsForItsLimits() throws Exception {
    Reply call =
        client.post(
            "/restate/scope/t%2D1/call/Probe/echo?limit-key=no", "1", "x-restate-limit-key: a/b");
    assertThat(call.status()).as(call.body()).isEqualTo(200);
    assertThat(house.ingress.limitsOf(InvocationId.parse(call.header("x-restate-id"))))
        .isEqualTo("t-1 a/b");
    Reply send = client.post("/restate/scope/s/send/Wf/w/run?limit-key=a", "1");
    assertThat(send.status()).as(send.body()).isEqualTo(202);
    assertThat(house.ingress.limitsOf(InvocationId.parse(send.header("x-restate-id"))))
        .isEqualTo("s a");
  }

  @Test
  void healthNamesTheServices() throws IOException {
    assertThat(client.get("/restate/health").body())
        .isEqualTo("{\"services\":[\"Obj\",\"Probe\",\"Wf\"]}");
  }

  @Test
  void aPageOfAnotherOriginMayCall() throws IOException {
    Reply preflight =
        client.request(
            "OPTIONS",
            "/anything",
            "",
            "origin: http://page",
            "access-control-request-method: POST",
            "access-control-request-headers: x-a,x-b");
    Reply call = client.post("/Probe/echo", "1", "origin: http://page");

    assertThat(preflight.status()).isEqualTo(200);
    assertThat(preflight.header("access-control-allow-origin")).isEqualTo("http://page");
    assertThat(preflight.header("access-control-allow-methods")).isEqualTo("POST");
    assertThat(preflight.header("access-control-allow-headers")).isEqualTo("x-a,x-b");
    assertThat(call.header("access-control-allow-origin")).isEqualTo("http://page");
    assertThat(call.headers()).doesNotContainKey("access-control-allow-methods");
  }

  @Test
  void anEmptyKeyIsAKey() throws IOException {
    assertThat(client.post("/Obj//key", "1").status()).isEqualTo(200);
    assertThat(client.post("/Obj/a%2Fb+c%ZZ/key", "1").body()).isEqualTo("a/b+c%ZZ");
  }
}
