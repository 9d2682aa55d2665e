package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.AdminClient;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.VirtualObject;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each bad request has its defined answer. */
@Timeout(90)
class BadRequestTest {
  private static final int CODE_POINTS_PER_KEY = 1_000;

  @RegisterExtension final Storm storm = new Storm();

  /** Says its key. */
  @VirtualObject("named")
  static class Named {
    @Handler
    public String name(SharedObjectContext ctx) {
      return ctx.key();
    }
  }

  @Test
  void whatNobodyKnowsIsNotFoundAndWhatIsMalformedIsSaidToBe() throws Exception {
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Named(), new StormServices.Echo()).uri());
    IngressClient client = server.ingress();
    String nobody = "inv_1" + "0".repeat(33);

    isError(client.to("nobody/greet").post("1"), 404, "nobody");
    isError(client.to("echo/whisper").post("1"), 404, "whisper");
    isError(client.to("restate/attach/" + nobody).get(), 404, "");
    isError(client.to("restate/output/" + nobody).get(), 404, "");
    isError(client.to("restate/output/inv_1tooshort").get(), 400, "");
    isError(client.to("restate/attach/dp_1" + "0".repeat(22)).get(), 400, "");
    isError(client.to("restate/nothing/here").get(), 404, "");
    isError(client.to("echo/echo/send?delay=soon").post("1"), 400, "");
    isError(client.to("echo/echo?delay=10s").post("1"), 400, "");
    isError(client.to("named/%C3%28/name").post(), 400, "");
    isError(client.to("echo").post("1"), 400, "");
    assertThat(client.to("echo/echo").post("\"fine\"").expectText()).isEqualTo("\"fine\"");
  }

  @Test
  void theAdminSaysWhatItExpected() throws Exception {
    ServerProcess server = storm.server();
    AdminClient admin = server.admin();
    int closed = freePort();

    for (String bad : List.of("{\"uri\":", "[]", "{}", "", "{\"uri\":7}")) {
      Answer answer = admin.to("deployments").post(bad);
      assertThat(answer.status()).as("%s: %s", bad, answer).isIn(400, 415, 422);
      assertThat(answer.text()).isNotBlank();
    }
    isAdminError(admin.to("deployments").post("{\"uri\":\"not a uri\"}"), 400);
    isAdminError(admin.to("deployments/dp_1" + "0".repeat(22)).get(), 404);
    isAdminError(admin.to("services/nobody").get(), 404);
    Answer refused =
        admin
            .to("deployments")
            .within(Duration.ofSeconds(30))
            .post("{\"uri\":\"http://127.0.0.1:" + closed + "\"}");
    assertThat(refused.status()).isBetween(400, 599);
    assertThat(refused.json().get("message").asString()).contains(Integer.toString(closed));
    assertThat(admin.to("health").get().status()).isEqualTo(200);
  }

  @Test
  void aKeyMayHoldEveryCharacter() throws Exception {
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Named()).uri());
    IngressClient client = server.ingress();

    for (String key :
        List.of(
            "",
            " ",
            ".",
            "..",
            "/",
            "a/b",
            "%",
            "%2F",
            "+",
            "!*'();:@&=+$,/?#[]",
            "\"<>\\^`{|}~",
            "\u0000",
            "\r\n\t",
            "Zoë",
            "e\u0301",
            "שלום",
            "👩‍👩‍👧",
            "send",
            "a?b=c#d")) {
      comesBack(client, key);
    }
    int[] all =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(it -> it < Character.MIN_SURROGATE || it > Character.MAX_SURROGATE)
            .toArray();
    List<String> keys = new ArrayList<>();
    for (int from = 0; from < all.length; from += CODE_POINTS_PER_KEY) {
      keys.add(new String(all, from, Math.min(CODE_POINTS_PER_KEY, all.length - from)));
    }
    for (String key : keys) {
      comesBack(client, key);
    }
    storm.say("%d characters in %d keys came back", all.length, keys.size());
  }

  private static void comesBack(IngressClient client, String key) throws Exception {
    Answer answer = client.to("named/" + IngressClient.segment(key) + "/name").post();
    assertThat(answer.expectStatus(200).json().asString()).isEqualTo(key);
  }

  private static void isError(Answer answer, int status, String word) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.json().get("code").asInt()).isEqualTo(status);
    assertThat(answer.json().get("message").asString()).isNotBlank().contains(word);
  }

  private static void isAdminError(Answer answer, int status) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.json().get("message").asString()).isNotBlank();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
