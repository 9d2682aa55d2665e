package dev.reprise.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.http.RawClient.Reply;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules for limits over HTTP, over real sockets; the facts were taken from the real server. */
@Timeout(60)
class LimitsApiTest extends AdminTest {
  private static final String RULES = "/limits/rules";
  private static final String DELETE = "/v4/limits/rules/bulk-delete";

  private Reply put(String body) throws IOException {
    return client.request("PUT", RULES, body, "content-type: application/json");
  }

  private Reply delete(String body) throws IOException {
    return client.request("POST", DELETE, body, "content-type: application/json");
  }

  /** Without the times, which are the server's. */
  private static String rules(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.body().replaceAll(",\"last_modified_millis_since_epoch\":[0-9]{13}", "");
  }

  @Test
  void aRuleIsMadeAndItsVersionRisesWithItsLimit() throws IOException {
    String first = "[{\"pattern\":\"t/*/\",\"limits\":{\"concurrency\":2},\"description\":\"d\"}]";

    assertThat(rules(put(first)))
        .isEqualTo(
            "[{\"pattern\":\"t/*\",\"limits\":{\"concurrency\":2},\"description\":\"d\","
                + "\"disabled\":false,\"version\":1}]");
    assertThat(rules(put(first))).endsWith("\"version\":1}]");
    assertThat(rules(put("[{\"pattern\":\"t/*\",\"limits\":{\"concurrency\":2}}]")))
        .isEqualTo(
            "[{\"pattern\":\"t/*\",\"limits\":{\"concurrency\":2},\"disabled\":false,"
                + "\"version\":1}]");
    assertThat(rules(put("[{\"pattern\":\"t/*\",\"limits\":{\"concurrency\":3}}]")))
        .endsWith("\"version\":2}]");
    assertThat(rules(put("[{\"pattern\":\"t/*\",\"limits\":{\"concurrency\":null}}]")))
        .isEqualTo("[{\"pattern\":\"t/*\",\"limits\":{},\"disabled\":false,\"version\":3}]");
    assertThat(rules(put("[{\"pattern\":\"other\",\"disabled\":true}]")))
        .isEqualTo("[{\"pattern\":\"other\",\"limits\":{},\"disabled\":true,\"version\":5}]");
    assertThat(put("[]").body()).isEqualTo("[]");
  }

  @Test
  void aChangeIsAnsweredOnceItWasWaitedForThatAllFollowIt() throws IOException {
    put("[{\"pattern\":\"a\",\"limits\":{\"concurrency\":2}}]");
    assertThat(routes.followed).containsExactly(1L);
    put("[{\"pattern\":\"a\",\"precondition\":{\"type\":\"does_not_exist\"}}]");
    delete("[{\"pattern\":\"a\"}]");
    assertThat(routes.followed).containsExactly(1L, 2L);
  }

  @Test
  void aBatchWhoseExpectationFailsChangesNothing() throws IOException {
    put("[{\"pattern\":\"a\",\"limits\":{\"concurrency\":2}}]");

    Reply both =
        put(
            "[{\"pattern\":\"b\"},{\"pattern\":\"a\",\"precondition\":{\"type\":\"matches\","
                + "\"version\":7}}]");
    assertThat(both.status()).isEqualTo(409);
    assertThat(both.body())
        .isEqualTo(
            "{\"message\":\"Expected version 7 for pattern a, but it has version 1\","
                + "\"restate_code\":null}");
    String strict = "[{\"pattern\":\"%s\",\"precondition\":{\"type\":\"does_not_exist\"}}]";
    assertThat(put(strict.formatted("a")).status()).isEqualTo(409);
    assertThat(put(strict.formatted("b")).status()).isEqualTo(200);
    assertThat(delete("[{\"pattern\":\"b\"},{\"pattern\":\"a\",\"expected_version\":9}]").status())
        .isEqualTo(409);
    assertThat(delete("[{\"pattern\":\"b\"},{\"pattern\":\"nope\"},{\"pattern\":\"a\"}]").body())
        .isEqualTo("[\"b\",\"a\"]");
    assertThat(delete("[{\"pattern\":\"a\"}]").body()).isEqualTo("[]");
  }

  @Test
  void thereIsAnEndToHowManyRulesThereMayBe() throws IOException {
    StringBuilder many = new StringBuilder("[{\"pattern\":\"s\"}");
    for (int i = 0; i < 10_000; i++) {
      many.append(",{\"pattern\":\"s").append(i).append("\"}");
    }

    Reply refused = put(many.append(']').toString());

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body()).contains("Expected at most 10000 rules, but there would be 10001");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"pattern\":\"a b\"}]|422",
        "[{\"pattern\":\"\"}]|422",
        "[{\"pattern\":\"a/b/c/d\"}]|422",
        "[{}]|422",
        "[{\"pattern\":5}]|422",
        "[5]|422",
        "{}|422",
        "x|400",
        "[{\"pattern\":\"a\",\"limits\":{\"concurrency\":0}}]|422",
        "[{\"pattern\":\"a\",\"limits\":{\"concurrency\":-1}}]|422",
        "[{\"pattern\":\"a\",\"limits\":{\"concurrency\":4294967296}}]|422",
        "[{\"pattern\":\"a\",\"limits\":{\"concurrency\":1.5}}]|422",
        "[{\"pattern\":\"a\",\"limits\":5}]|422",
        "[{\"pattern\":\"a\",\"precondition\":{\"type\":\"maybe\"}}]|422",
        "[{\"pattern\":\"a\",\"precondition\":{\"type\":\"matches\"}}]|422"
      })
  void whatIsNoRuleIsRefusedWithWhatWasExpected(String body, int status) throws IOException {
    Reply reply = put(body);

    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).containsPattern("Expected|Failed to parse");
  }

  @Test
  void rulesAreNotListedHereAsTheRealServerDoesNotEither() throws IOException {
    Reply get = client.request("GET", RULES, "");

    assertThat(get.status()).isEqualTo(405);
    assertThat(get.header("allow")).isEqualTo("PUT");
    assertThat(client.request("GET", "/limits", "").status()).isEqualTo(404);
    assertThat(client.request("GET", "/limits/rules/x", "").status()).isEqualTo(404);
  }
}
