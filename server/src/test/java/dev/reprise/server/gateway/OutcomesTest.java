package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.partition.Ingress.Answer.AlreadyInvoked;
import dev.reprise.cluster.partition.Ingress.Answer.Done;
import dev.reprise.cluster.partition.Ingress.Answer.NotRetained;
import dev.reprise.cluster.partition.Ingress.Answer.Unavailable;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What became of an invocation, asked for over HTTP or told there, over real sockets. */
class OutcomesTest extends GatehouseTest {
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
  void anOutcomeThatIsNotKeptCannotBeAskedFor() throws IOException {
    InvocationId id = new InvocationId(1, 2, 3);
    house.ingress.answerNext(new NotRetained(id));

    assertThat(client.get("/restate/output/" + id).status()).isEqualTo(400);
  }
}
