package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.partition.Ingress.Answer.AlreadyInvoked;
import dev.reprise.cluster.partition.Ingress.Answer.Done;
import dev.reprise.cluster.partition.Ingress.Answer.NotRetained;
import dev.reprise.cluster.partition.Ingress.Answer.OutcomeUnknown;
import dev.reprise.cluster.partition.Ingress.Answer.Unavailable;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.Outcome.Success;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The public HTTP API, over real sockets. */
class HttpGatewayTest {
  private static final Pattern ID = Pattern.compile("inv_1[0-9a-zA-Z]{33}");

  private Gatehouse house;
  private RawClient client;

  @BeforeEach
  void open() throws IOException {
    house = new Gatehouse();
    client = house.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    house.close();
  }

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
  void anOutcomeCanBeAskedForByIdAndWaitedFor() throws Exception {
    Reply sent = client.post("/Probe/wait/send", "1");
    String id = sent.header("x-restate-id");
    assertThat(client.get("/restate/output/" + id).statusLine()).isEqualTo("HTTP/1.1 470 ");
    assertThat(client.get("/restate/invocation/" + id + "/output").status()).isEqualTo(470);

    client.send("GET /restate/attach/" + id + " HTTP/1.1\r\nhost: x\r\n\r\n");
    house.ingress.complete(InvocationId.parse(id), new Success(Bytes.utf8("done")));

    assertThat(client.reply().body()).isEqualTo("done");
    Reply output = client.get("/restate/output/" + id);
    assertThat(output.body()).isEqualTo("done");
    assertThat(output.header("x-restate-id")).isEqualTo(id);
    assertThat(output.headers()).containsKey("idempotency-expires");
    assertThat(client.get("/restate/invocation/" + id + "/attach").body()).isEqualTo("done");
    String target = "{\"target\":\"invocation\",\"invocationId\":\"" + id + "\"}";
    assertThat(client.post("/restate/attach", target).body()).isEqualTo("done");
    assertThat(client.post("/restate/output", target).body()).isEqualTo("done");
  }

  @Test
  void anOutcomeCanBeAskedForByIdempotencyKey() throws IOException {
    Reply call = client.post("/Probe/echo", "1", "idempotency-key: k");
    Reply object = client.post("/Obj/a%20b/key", "1", "idempotency-key: k");

    assertThat(client.get("/restate/invocation/Probe/echo/k/output").body()).isEqualTo("1");
    assertThat(client.get("/restate/invocation/Obj/a%20b/key/k/attach").body()).isEqualTo("a b");
    String plain =
        "{\"target\":\"idempotentInvocation\",\"service\":\"Probe\",\"handler\":\"echo\","
            + "\"idempotencyKey\":\"k\"}";
    assertThat(client.post("/restate/lookup", plain).body())
        .isEqualTo("{\"invocationId\":\"" + call.header("x-restate-id") + "\"}");
    String keyed =
        "{\"target\":\"idempotentInvocation\",\"service\":\"Obj\",\"key\":\"a b\","
            + "\"handler\":\"key\",\"idempotencyKey\":\"k\"}";
    assertThat(client.post("/restate/output", keyed).header("x-restate-id"))
        .isEqualTo(object.header("x-restate-id"));
  }

  @Test
  void attachAndOutputSayDifferentlyThatNobodyHasAnId() throws IOException {
    String id = new InvocationId(1, 2, 3).toString();
    Reply attach = client.get("/restate/attach/" + id);
    Reply output = client.get("/restate/output/" + id);

    assertThat(attach.status()).isEqualTo(404);
    assertThat(attach.body())
        .isEqualTo("{\"code\":404,\"message\":\"not found\",\"source\":\"invocation\"}");
    assertThat(attach.header("x-restate-id")).isEqualTo(id);
    assertThat(output.body())
        .isEqualTo("{\"code\":404,\"message\":\"invocation not found\",\"source\":\"ingress\"}");
    assertThat(output.headers()).doesNotContainKey("x-restate-id");
  }

  @ParameterizedTest
  @CsvSource({
    "418, 418, 418",
    "500, 500, 500",
    "200, 200, 200",
    "999, 999, 999",
    "99, 500, 99",
    "1000, 500, 1000"
  })
  void aTerminalErrorIsAStatusWhereItCanBe(int code, int status, int shown) throws IOException {
    Reply reply = client.post("/Probe/fail", Integer.toString(code));

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("x-restate-error-source")).isEqualTo("invocation");
    assertThat(reply.header("x-restate-id")).matches(ID);
    assertThat(reply.body())
        .isEqualTo(
            "{\"code\":"
                + shown
                + ",\"message\":\"boom \\\"meta\\\"\",\"source\":\"invocation\","
                + "\"metadata\":{\"k1\":\"v1\"}}");
  }

  @ParameterizedTest
  @CsvSource({"100, 500", "199, 500", "204, 204", "304, 304"})
  void aTerminalErrorThatCannotHaveABodyHasNone(int code, int status) throws IOException {
    Reply reply = client.post("/Probe/fail", Integer.toString(code));

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.bytes()).isEmpty();
    assertThat(client.post("/Probe/echo", "1").body()).isEqualTo("1");
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
  void theIdOfAWorkflowCanBeLookedUp() throws IOException {
    String target = "{\"target\":\"workflow\",\"workflowName\":\"Wf\",\"workflowKey\":\"k\"}";
    Matcher id = ID.matcher(client.post("/restate/lookup", target).body());

    assertThat(id.find()).isTrue();
    assertThat(client.post("/restate/attach", target).status()).isEqualTo(404);
  }

  @Test
  void aWorkflowIsSubmittedOnceAndItsOutcomeIsAskedForByItsKey() throws IOException {
    Reply first = client.post("/Wf/a%20b/run/send", "1");
    Reply second = client.post("/restate/send/Wf/a%20b/run", "2");
    String id = first.header("x-restate-id");

    assertThat(first.body()).contains("\"status\":\"Accepted\"");
    assertThat(second.body()).contains("\"status\":\"PreviouslyAccepted\"").contains(id);
    assertThat(client.get("/restate/workflow/Wf/a%20b/output").status()).isEqualTo(470);
    house.ingress.complete(InvocationId.parse(id), new Success(Bytes.utf8("done")));
    assertThat(client.get("/restate/workflow/Wf/a%20b/attach").body()).isEqualTo("done");
    assertThat(client.get("/restate/workflow/Wf/a%20b/output/what/ever").body()).isEqualTo("done");
    String target = "{\"target\":\"workflow\",\"workflowName\":\"Wf\",\"workflowKey\":\"a b\"}";
    assertThat(client.post("/restate/output", target).body()).isEqualTo("done");
    assertThat(client.get("/restate/workflow/Nope/k/attach").status()).isEqualTo(404);
  }

  @Test
  void aWorkflowThatRunsCannotBeCalledAgain() throws IOException {
    InvocationId id = new InvocationId(1, 2, 3);
    house.ingress.answerNext(new AlreadyInvoked(id));

    Reply again = client.post("/Wf/k/run", "1");

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.header("x-restate-error-source")).isEqualTo("invocation");
    assertThat(again.header("x-restate-id")).isEqualTo(id.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "awakeables"})
  void anAwakeableIsCompletedAndTakenWhateverBecameOfIt(String verb) throws Exception {
    String path = "/restate/" + verb + "/sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ";
    house.ingress.answerNext(new Done());
    Reply resolved = client.request("POST", path + "/resolve", "{\"a\":1}");
    house.ingress.answerNext(new Done());
    Reply rejected = client.request("POST", path + "/reject/and/more", "no way");
    Reply late = client.request("POST", path + "/resolve", "");

    for (Reply reply : List.of(resolved, rejected, late)) {
      assertThat(reply.status()).isEqualTo(202);
      assertThat(reply.bytes()).isEmpty();
      assertThat(reply.headers()).doesNotContainKeys("content-type", "x-restate-id");
    }
    assertThat(house.ingress.signals())
        .extracting(Signal::outcome)
        .containsExactly(
            new Success(Bytes.utf8("{\"a\":1}")),
            new Failure(500, "no way"),
            new Success(Bytes.EMPTY));
    assertThat(house.ingress.signals()).extracting(Signal::id).containsOnly(new SignalId.Index(17));
    house.ingress.answerNext(new Unavailable("no leader"));
    assertThat(client.request("POST", path + "/resolve", "").status()).isEqualTo(503);
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
  void whatHasAnIdempotencyKeyIsAnotherOneInAnotherScope() throws Exception {
    String path = "/call/Probe/echo";
    String here =
        client.post("/restate/scope/s" + path, "1", "idempotency-key: i").header("x-restate-id");
    String there =
        client.post("/restate/scope/t" + path, "1", "idempotency-key: i").header("x-restate-id");
    String nowhere =
        client.post("/restate" + path, "1", "idempotency-key: i").header("x-restate-id");
    assertThat(here).isNotEqualTo(there).isNotEqualTo(nowhere);

    String target =
        "{\"target\":\"idempotentInvocation\",\"service\":\"Probe\",\"handler\":\"echo\","
            + "\"idempotencyKey\":\"i\",\"scope\":";
    for (String door : List.of("lookup", "attach", "output")) {
      Reply found = client.post("/restate/" + door, target + "\"s\"}");
      assertThat(found.status()).as(found.body()).isEqualTo(200);
      assertThat(door.equals("lookup") ? found.body() : found.header("x-restate-id"))
          .contains(here);
    }
    assertThat(client.post("/restate/lookup", target + "null}").body()).contains(nowhere);
    assertThat(client.post("/restate/lookup", target + "\"s s\"}").status()).isEqualTo(400);
    client.post("/restate/scope/s/send/Wf/w/run", "1");
    String workflow = "{\"target\":\"workflow\",\"workflowName\":\"Wf\",\"workflowKey\":\"w\"";
    assertThat(client.post("/restate/output", workflow + ",\"scope\":\"s\"}").status())
        .isEqualTo(470);
    assertThat(client.post("/restate/output", workflow + "}").status()).isEqualTo(404);
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

  @Test
  void anOutcomeThatIsNotKeptCannotBeAskedFor() throws IOException {
    InvocationId id = new InvocationId(1, 2, 3);
    house.ingress.answerNext(new NotRetained(id));

    assertThat(client.get("/restate/output/" + id).status()).isEqualTo(400);
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
