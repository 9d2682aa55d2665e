package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.AdminClient;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What an operator does to invocations and to state of a real node, over the admin HTTP API. */
@Timeout(90)
class OperationsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension final Storm storm = new Storm();

  private final DoorServices.Doors doors = new DoorServices.Doors();
  private IngressClient ingress;
  private AdminClient admin;

  @BeforeEach
  void start() throws IOException {
    ServerProcess server = storm.server();
    var endpoint = storm.serve(doors, new DoorServices.Approval(), new DoorServices.Notes());
    ingress = server.ingress();
    admin = server.admin();
    admin.register(URI.create("http://127.0.0.1:" + endpoint.port()));
  }

  @Test
  void aCancelledInvocationEndsAndCanThenOnlyBePurged() throws Exception {
    String id = ask();

    assertThat(patch(id, "cancel")).isEqualTo(202);
    assertThat(ingress.attach(id).expectStatus(409).json().path("message").stringValue())
        .isEqualToIgnoringCase("cancelled");
    assertThat(patch(id, "cancel")).isEqualTo(409);
    assertThat(patch(id, "kill")).isEqualTo(409);
    assertThat(patch(id, "purge")).isEqualTo(200);
    assertThat(ingress.output(id).status()).isEqualTo(404);
    assertThat(patch(id, "purge")).isEqualTo(404);
  }

  @Test
  void whatHasNotStartedIsCancelledAtOnce() throws Exception {
    String id =
        ingress
            .to("doors/greet/send?delay=1h")
            .post("\"x\"")
            .expectAccepted()
            .path("invocationId")
            .stringValue();

    assertThat(patch(id, "pause")).isEqualTo(409);
    assertThat(patch(id, "resume")).isEqualTo(425);
    assertThat(patch(id, "purge")).isEqualTo(409);
    assertThat(patch(id, "cancel")).isEqualTo(200);
  }

  @Test
  void aKilledInvocationSaysSo() throws Exception {
    String id = ask();

    assertThat(patch(id, "kill")).isEqualTo(200);

    assertThat(ingress.attach(id).expectStatus(409).json().path("message").stringValue())
        .isEqualTo("killed");
  }

  @Test
  void aPausedInvocationRestsUntilItIsResumed() throws Exception {
    doors.broken.set(true);
    String id =
        ingress
            .to("doors/mend/send")
            .idempotencyKey("m")
            .post("\"pump\"")
            .expectAccepted()
            .path("invocationId")
            .stringValue();

    assertThat(patch(id, "pause")).isIn(200, 202);
    eventually(SOON, () -> assertThat(admin.status("doors", id)).isEqualTo("paused"));
    assertThat(patch(id, "pause")).isEqualTo(200);
    doors.broken.set(false);
    assertThat(patch(id, "resume?deployment=latest")).isEqualTo(200);

    assertThat(ingress.attach(id).expectText()).isEqualTo("\"pump!\"");
    assertThat(patch(id, "resume")).isEqualTo(409);
  }

  @Test
  void aRestartedInvocationIsANewOne() throws Exception {
    String id =
        ingress
            .to("doors/greet")
            .idempotencyKey("g")
            .post("\"Ada\"")
            .expectStatus(200)
            .invocationId();

    Answer restarted = admin.to("invocations/" + id + "/restart-as-new").patch().expectStatus(200);
    String again = restarted.json().path("new_invocation_id").stringValue();

    assertThat(again).isNotEqualTo(id);
    assertThat(ingress.attach(again).expectText()).isEqualTo("\"Hello Ada\"");
    assertThat(patch(id, "purge-journal")).isEqualTo(200);
    assertThat(patch(id, "restart-as-new")).isEqualTo(410);
    assertThat(ingress.attach(id).expectText()).isEqualTo("\"Hello Ada\"");
  }

  @Test
  void manyAreKilledInOneRequest() throws Exception {
    String first = ask();
    String second = ask();
    String nobody = "inv_1" + "0".repeat(33);

    JsonNode result =
        admin
            .to("internal/invocations_batch_operations/kill")
            .post("{\"invocation_ids\":[\"%s\",\"%s\",\"%s\"]}".formatted(first, nobody, second))
            .expectStatus(200)
            .json();

    assertThat(result.path("succeeded").size()).isEqualTo(2);
    assertThat(result.path("failed").path(0).path("invocation_id").stringValue()).isEqualTo(nobody);
    assertThat(ingress.attach(first).status()).isEqualTo(409);
    assertThat(ingress.attach(second).status()).isEqualTo(409);
  }

  @Test
  void theStateOfAKeyIsReplacedAndAnotherVersionLeftAlone() throws Exception {
    ingress.to("notes/k/write").post("\"old\"").expectStatus(200);

    String stale =
        "{\"object_key\":\"k\",\"version\":\"x\",\"new_state\":{\"note\":\"\\\"bad\\\"\"}}";
    assertThat(admin.to("services/notes/state").post(stale).status()).isEqualTo(202);
    assertThat(ingress.to("notes/k/read").post().expectText()).isEqualTo("\"old\"");

    String any = "{\"object_key\":\"k\",\"new_state\":{\"note\":\"\\\"new\\\"\"}}";
    assertThat(admin.to("services/notes/state").post(any).status()).isEqualTo(202);
    eventually(
        SOON,
        () -> assertThat(ingress.to("notes/k/read").post().expectText()).isEqualTo("\"new\""));

    assertThat(
            admin
                .to("services/notes/state")
                .post("{\"object_key\":\"k\",\"new_state\":{}}")
                .status())
        .isEqualTo(202);
    eventually(
        SOON,
        () -> assertThat(ingress.to("notes/k/read").post().expectText()).isEqualTo("\"nothing\""));
  }

  @Test
  void aServiceIsClosedToClientsWhileItRuns() throws Exception {
    admin.to("services/doors").patch("{\"public\":false}").expectStatus(200);
    Answer closed = ingress.to("doors/greet").post("\"Ada\"");
    admin.to("services/doors").patch("{\"public\":true}").expectStatus(200);

    assertThat(closed.status()).isEqualTo(400);
    assertThat(closed.text()).contains("handler doors/greet is not public");
    assertThat(ingress.to("doors/greet").post("\"Ada\"").expectText()).isEqualTo("\"Hello Ada\"");
  }

  /** An invocation that waits for an awakeable. */
  private String ask() throws Exception {
    String id =
        ingress.to("doors/ask/send").post().expectAccepted().path("invocationId").stringValue();
    doors.awakeable();
    return id;
  }

  private int patch(String id, String operation) throws IOException {
    return admin.to("invocations/" + id + "/" + operation).patch().status();
  }
}
