package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.partition.Ingress.Answer.OutcomeUnknown;
import dev.reprise.cluster.partition.Ingress.Answer.Unavailable;
import dev.reprise.server.http.RawClient.Reply;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public HTTP API does not take, and what it says then, over real sockets. */
class RefusalsTest extends GatehouseTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "delay=10",
        "delay=",
        "delay=abc",
        "delay=-5s",
        "delay=P1Y",
        "delaySec=1.5",
        "delaySec=-1",
        "delay=9999999d"
      })
  void aDelayThatIsNoneIsRefused(String query) throws IOException {
    assertThat(client.post("/Probe/echo/send?" + query, "1").status()).isEqualTo(400);
  }

  @Test
  void aCallCannotBeDelayed() throws IOException {
    assertThat(client.post("/Probe/echo?delay=1s", "1").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /, 400",
    "POST, /Probe, 400",
    "POST, /restate/, 400",
    "POST, /a/b/c/d/e/f/g/h, 400",
    "POST, /openapi/x, 404",
    "POST, /Nope/echo, 404",
    "POST, /Pro%62e/echo, 404",
    "POST, /Probe/nope, 404",
    "POST, /Probe/echo/foo, 400",
    "POST, /Probe/echo/send/more, 400",
    "POST, /Obj/key, 400",
    "POST, /Obj/%FF/key, 400",
    "POST, /Probe/priv, 400",
    "PUT, /Probe/echo, 405",
    "DELETE, /Probe/echo, 405",
    "HEAD, /Probe/echo, 405",
    "PUT, /Nope/echo, 404",
    "POST, /restate/nope/x, 404",
    "POST, /restate/signals/x, 404",
    "POST, /restate/call/Probe, 400",
    "POST, /restate/call/Probe/echo/more, 400",
    "POST, /restate/health, 405",
    "GET, /restate/attach/inv_1, 400",
    "GET, /restate/attach/sign_1abc, 400",
    "GET, /restate/attach/a/b, 400",
    "GET, /restate/attach, 405",
    "POST, /restate/lookup/x, 400",
    "GET, /restate/lookup, 405",
    "GET, /restate/invocation/inv_1/foo, 404",
    "GET, /restate/invocation/Nope/h/k/output, 404",
    "POST, /restate/a/sign_1/resolve, 400",
    "POST, /restate/awakeables/prom_1abc/reject, 400",
    "POST, /restate/a/sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAAQ/resolve, 400",
    "POST, /restate/a/sign_1, 400",
    "POST, /restate/a/sign_1/foo, 404",
    "GET, /restate/a/sign_1/resolve, 405",
    "POST, /restate/scope/s%20/call/Probe/echo, 400",
    "POST, /restate/scope/aaaaaaaaaabbbbbbbbbbccccccccccddddddd/call/Probe/echo, 400",
    "PUT, /restate/scope/s/call/Probe/echo, 405",
    "POST, /restate/scope/s/call/Probe/echo?limit-key=a/b/c, 400",
    "POST, /restate/scope/s/call/Probe/echo?limit-key=, 400",
    "POST, /restate/scope/s/send/Obj/k/key, 400",
    "POST, /restate/scope/s/call/Nope/echo, 404",
    "POST, /restate/scope/s/attach/Probe/echo, 404",
    "POST, /restate/scope/s/call/Probe, 400",
    "POST, /restate/scope/s/call, 400",
    "GET, /restate/workflow/Wf/k, 400",
    "GET, /restate/workflow/Wf/%FF/attach, 400",
    "GET, /restate/workflow/Wf/k/foo, 404",
    "POST, /restate/workflow/Wf/k/attach, 405",
    "GET, /restate/workflow/Nope/k/output, 404"
  })
  void whatIsWrongIsSaidWithItsStatus(String method, String path, int status) throws IOException {
    Reply reply = client.request(method, path, "");

    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.header("x-restate-error-source")).isEqualTo("ingress");
    if (!method.equals("HEAD")) {
      assertThat(reply.body()).startsWith("{\"code\":" + status + ",\"message\":\"");
      assertThat(reply.body()).endsWith("\"source\":\"ingress\"}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "echo, application/json, 1, 200",
    "echo, application/json; charset=utf-8, 1, 200",
    "echo, application/json, '', 200",
    "echo, '', '', 200",
    "echo, '', 1, 400",
    "echo, text/plain, 1, 400",
    "echo, Application/JSON, 1, 400",
    "json, application/json, '', 400",
    "json, application/json, {, 200",
    "any, image/png, x, 200",
    "any, '', x, 400",
    "text, text/html, x, 202",
    "text, application/json, x, 400",
    "nothing, '', '', 202",
    "nothing, text/plain, x, 400"
  })
  void aHandlerTakesWhatItsInputRuleSays(String handler, String type, String body, int status)
      throws IOException {
    String path = "/Probe/" + handler + (status == 202 ? "/send" : "");
    Reply reply =
        type.isEmpty()
            ? client.request("POST", path, body)
            : client.request("POST", path, body, "content-type: " + type);

    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"target\":\"x\"}",
        "{\"target\":\"invocation\"}",
        "{\"target\":\"invocation\",\"invocationId\":\"inv_1\"}",
        "{\"target\":\"invocation\",\"invocationId\":7}"
      })
  void aMalformedTargetIsRefused(String body) throws IOException {
    assertThat(client.post("/restate/attach", body).status()).isEqualTo(400);
  }

  @Test
  void aHeaderThatIsNotAsciiIsRefused() throws IOException {
    assertThat(client.post("/Probe/echo", "1", "x-name: J\u00fcrgen").body())
        .contains("bad header x-name");
    assertThat(client.post("/Probe/echo", "1", "idempotency-key: \u00fc").status()).isEqualTo(400);
  }

  @Test
  void anIdempotencyKeyMayNotBeEmpty() throws Exception {
    Reply reply = client.post("/Probe/echo", "1", "idempotency-key: ");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("Expected an idempotency-key that is not empty");
    assertThat(house.ingress.created()).isZero();
  }

  @Test
  void aLimitKeyNeedsAScope() throws IOException {
    assertThat(client.post("/Probe/echo?limit-key=a", "1").status()).isEqualTo(400);
    assertThat(client.post("/Probe/echo", "1", "x-restate-limit-key: a").status()).isEqualTo(400);
  }

  @Test
  void whatCannotBeDoneNowMayBeTriedAgain() throws IOException {
    house.ingress.answerNext(new Unavailable("no leader"));
    Reply unavailable = client.post("/Probe/echo", "1");
    house.ingress.answerNext(new OutcomeUnknown("the leader changed"));
    Reply unknown = client.post("/Probe/echo", "1");

    assertThat(unavailable.status()).isEqualTo(503);
    assertThat(unavailable.header("retry-after")).isEqualTo("1");
    assertThat(unavailable.body()).contains("no leader");
    assertThat(unknown.status()).isEqualTo(503);
    assertThat(unknown.body()).contains("outcome-unknown");
  }
}
