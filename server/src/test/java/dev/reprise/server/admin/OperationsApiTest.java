package dev.reprise.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result.Rejection;
import dev.reprise.cluster.partition.Ingress.Answer.Accepted;
import dev.reprise.cluster.partition.Ingress.Answer.Done;
import dev.reprise.cluster.partition.Ingress.Answer.OutcomeUnknown;
import dev.reprise.cluster.partition.Ingress.Answer.Refused;
import dev.reprise.cluster.partition.Ingress.Answer.Requested;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person may do to invocations and to state over HTTP, over real sockets. */
@Timeout(60)
class OperationsApiTest extends AdminTest {
  private static final InvocationId ID = new InvocationId(1, 2, 3);
  private static final InvocationId NEW = new InvocationId(1, 5, 6);

  @ParameterizedTest
  @ValueSource(strings = {"cancel", "kill", "purge", "purge-journal", "pause", "resume"})
  void anOperationThatTookEffectIsSaidWithoutABody(String operation) throws Exception {
    echo.ingress.answerNext(new Done());

    Reply reply = client.request("PATCH", "/v4/invocations/" + ID + "/" + operation, "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.bytes()).isEmpty();
    assertThat(echo.ingress.operations()).hasSize(1);
    assertThat(echo.ingress.operations().getFirst().id()).isEqualTo(ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancel", "pause"})
  void anOperationThatTheCodeHasToSeeIsAccepted(String operation) throws IOException {
    echo.ingress.answerNext(new Requested());

    assertThat(patch(operation).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource({
    "cancel, NOT_FOUND, 404",
    "cancel, COMPLETED, 409",
    "kill, COMPLETED, 409",
    "purge, NOT_COMPLETED, 409",
    "purge, NOT_STARTED, 409",
    "purge-journal, NOT_STARTED, 409",
    "purge-journal, NOT_COMPLETED, 409",
    "pause, NOT_STARTED, 409",
    "pause, COMPLETED, 409",
    "resume, NOT_STARTED, 425",
    "resume, COMPLETED, 409",
    "restart-as-new, NOT_COMPLETED, 409",
    "restart-as-new, NOT_STARTED, 425",
    "restart-as-new, NOT_KEPT, 410",
    "restart-as-new, UNSUPPORTED, 422",
    "restart-as-new, BAD_RANGE, 400"
  })
  void aRefusalHasItsStatusAndItsReason(String operation, Rejection why, int status)
      throws IOException {
    echo.ingress.answerNext(new Refused(why, "because \"it\" is so"));

    Reply reply = patch(operation);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.body())
        .isEqualTo("{\"message\":\"because \\\"it\\\" is so\",\"restate_code\":null}");
  }

  @Test
  void nobodyKnowsWhatBecameOfIt() throws IOException {
    echo.ingress.answerNext(new OutcomeUnknown("the leader changed"));

    assertThat(patch("kill").status()).isEqualTo(503);
  }

  @Test
  void aRestartNamesTheNewInvocation() throws Exception {
    echo.ingress.answerNext(new Accepted(NEW, true, 0));

    Reply reply = patch("restart-as-new");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"new_invocation_id\":\"" + NEW + "\"}");
    Command.Restart restart = (Command.Restart) echo.ingress.operations().getFirst();
    assertThat(restart.throughIndex()).isZero();
    assertThat(restart.pin()).isNull();
    assertThat(restart.newId().partitionKey()).isEqualTo(ID.partitionKey());
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /invocations/inv_1/cancel, 400",
    "PATCH, /invocations/inv_1/nope, 404",
    "POST, /invocations/inv_1/cancel, 405",
    "GET, /invocations/inv_1, 405",
    "DELETE, /invocations/inv_1, 400",
    "PATCH, /invocations/ID, 405",
    "PATCH, /invocations, 404",
    "PATCH, /invocations/ID/resume?deployment=dp_x, 400",
    "PATCH, /invocations/ID/restart-as-new?deployment=x, 400",
    "PATCH, /invocations/ID/restart-as-new?from=x, 400",
    "PATCH, /invocations/ID/restart-as-new?from=-1, 400",
    "DELETE, /invocations/ID?mode=nope, 400",
    "GET, /internal/invocations_batch_operations/kill, 405",
    "POST, /internal/invocations_batch_operations/nope, 404",
    "POST, /internal/nope/kill, 404"
  })
  void whatIsWrongIsSaidWithItsStatus(String method, String path, int status) throws Exception {
    Reply reply = client.request(method, path.replace("ID", ID.toString()), "");

    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(echo.ingress.operations()).isEmpty();
  }

  @Test
  void anOlderClientDeletesAndIsNeverRefused() throws Exception {
    echo.ingress.answerNext(new Done());
    assertThat(client.request("DELETE", "/invocations/" + ID, "").status()).isEqualTo(202);
    echo.ingress.answerNext(new Refused(Rejection.NOT_FOUND, "nobody"));
    assertThat(client.request("DELETE", "/invocations/" + ID + "?mode=Kill", "").status())
        .isEqualTo(202);

    assertThat(echo.ingress.operations().getFirst()).isInstanceOf(Command.Cancel.class);
    assertThat(echo.ingress.operations().getLast()).isInstanceOf(Command.Kill.class);
  }

  @Test
  void eachInvocationOfABatchSucceedsOrFailsForItself() throws Exception {
    echo.ingress.answerNext(new Done());

    Reply reply = batch("kill", "[\"" + ID + "\",\"" + NEW + "\"]");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .isEqualTo(
            "{\"succeeded\":[\""
                + ID
                + "\"],\"failed\":[{\"invocation_id\":\""
                + NEW
                + "\",\"error\":\"nobody is there\"}]}");
  }

  @Test
  void aBatchOfRestartsNamesOldAndNew() throws Exception {
    echo.ingress.answerNext(new Accepted(NEW, true, 0));

    assertThat(batch("restart-as-new", "[\"" + ID + "\"]").body())
        .isEqualTo(
            "{\"succeeded\":[{\"old_invocation_id\":\""
                + ID
                + "\",\"new_invocation_id\":\""
                + NEW
                + "\"}],\"failed\":[]}");
  }

  @Test
  void aBatchHasALimitAndGoodIdsOnly() throws Exception {
    String id = "\"" + ID + "\"";
    String many = "[" + (id + ",").repeat(1_000) + id + "]";
    String most = "[" + (id + ",").repeat(999) + id + "]";

    assertThat(batch("kill", many).status()).isEqualTo(400);
    assertThat(batch("kill", "[\"inv_1\"]").status()).isEqualTo(422);
    assertThat(batch("kill", "7").status()).isEqualTo(422);
    assertThat(echo.ingress.operations()).isEmpty();
    assertThat(batch("kill", most).status()).isEqualTo(200);
    assertThat(echo.ingress.operations()).hasSize(1_000);
  }

  @Test
  void theStateOfAKeyIsReplacedInTheOrderOfItsNames() throws Exception {
    echo.ingress.answerNext(new Done());

    Reply reply =
        client.post(
            "/services/Obj/state",
            "{\"object_key\":\"k\",\"version\":\"v\","
                + "\"new_state\":{\"b\":[104,255],\"a\":\"text\"}}");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.bytes()).isEmpty();
    StatePatch patch = echo.ingress.patches().getFirst();
    assertThat(patch.expectedVersion()).isEqualTo("v");
    assertThat(patch.entries())
        .containsExactly(
            new StateEntry(Bytes.utf8("a"), Bytes.utf8("text")),
            new StateEntry(Bytes.utf8("b"), Bytes.of(new byte[] {104, (byte) 255})));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Probe|{\"object_key\":\"k\",\"new_state\":{}}|400",
        "Nope|{\"object_key\":\"k\",\"new_state\":{\"a\":[]}}|404",
        "Nope|{\"object_key\":\"k\",\"new_state\":{}}|202",
        "Obj|{\"new_state\":{}}|422",
        "Obj|{\"object_key\":\"k\"}|422",
        "Obj|{\"object_key\":\"k\",\"new_state\":{\"a\":[256]}}|422",
        "Obj|{\"object_key\":\"k\",\"new_state\":{\"a\":7}}|422",
        "Obj|{\"object_key\":\"k\",\"new_state\":{},\"scope\":\"s\"}|400",
        "Obj|{|400"
      })
  void aStateThatCannotBeIsRefused(String service, String body, int status) throws Exception {
    Reply reply = client.post("/services/" + service + "/state", body);

    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(echo.ingress.patches()).isEmpty();
  }

  @Test
  void anotherVersionOfTheStateIsLeftAloneAndTakenAllTheSame() throws Exception {
    echo.ingress.answerNext(new Refused(Rejection.OTHER_VERSION, "it has changed"));

    assertThat(
            client.post("/services/Obj/state", "{\"object_key\":\"k\",\"new_state\":{}}").status())
        .isEqualTo(202);
  }

  private Reply patch(String operation) throws IOException {
    return client.request("PATCH", "/invocations/" + ID + "/" + operation, "");
  }

  private Reply batch(String operation, String ids) throws IOException {
    return client.post(
        "/internal/invocations_batch_operations/" + operation, "{\"invocation_ids\":" + ids + "}");
  }
}
