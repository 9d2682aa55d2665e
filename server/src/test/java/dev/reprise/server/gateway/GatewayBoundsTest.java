package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.http.H2Client;
import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.server.http.TestLoops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much the gateway takes, and what happens at the bound. */
class GatewayBoundsTest extends GatehouseTest {
  private static final int LIMIT = 1 << 20;

  GatewayBoundsTest() {
    super(new HttpLimits(LIMIT, 3L << 20, 50));
  }

  @Test
  void aBodyOfTheLimitIsTakenAndOneMoreByteIsNot() throws IOException {
    String whole = "x".repeat(LIMIT);
    assertThat(client.post("/Probe/echo", whole).bytes()).hasSize(LIMIT);

    Reply refused = client.post("/Probe/echo", whole + "x");

    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.header("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(refused.body()).isEqualTo("length limit exceeded");
    assertThat(refused.headers()).doesNotContainKeys("vary", "x-restate-error-source");
    assertThat(client.closed()).isTrue();
  }

  @Test
  void theLimitThatUsersMeetIsThirtyTwoMebibytes() throws IOException {
    try (Gatehouse real = new Gatehouse();
        RawClient user = real.client()) {
      String whole = "x".repeat(32 << 20);

      assertThat(user.post("/Probe/echo", whole).bytes()).hasSize(32 << 20);
      assertThat(user.post("/Probe/echo", whole + "x").status()).isEqualTo(413);
    }
  }

  @Test
  void aStreamedBodyBeyondTheLimitIsRefusedInJson() throws IOException {
    client.send(
        "POST /Probe/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            + "transfer-encoding: chunked\r\n\r\n");
    byte[] chunk = new byte[LIMIT + 100];
    Arrays.fill(chunk, (byte) 'x');
    client.send(Integer.toHexString(chunk.length) + "\r\n");
    client.send(chunk);
    client.send("\r\n0\r\n\r\n");

    Reply reply = client.reply();
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.body()).startsWith("{\"code\":413");
  }

  @Test
  void bodiesTogetherAreBoundedToo() throws Exception {
    List<RawClient> halves = new ArrayList<>();
    String almost =
        "POST /Probe/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            + "content-length: "
            + LIMIT
            + "\r\n\r\n"
            + "x".repeat(LIMIT - 1);
    for (int i = 0; i < 3; i++) {
      RawClient half = house.client();
      halves.add(half);
      half.send(almost);
    }
    until(() -> house.server.heldBytes() == 3 * (LIMIT - 1));

    try (RawClient oneTooMany = house.client()) {
      oneTooMany.send(almost);
      assertThat(oneTooMany.reply().status()).isEqualTo(503);
    }
    for (RawClient half : halves) {
      half.send("x");
      assertThat(half.reply().bytes()).hasSize(LIMIT);
      half.close();
    }
    until(() -> house.server.heldBytes() == 0);
  }

  @Test
  void tooManyHeadersAreRefused() throws IOException {
    String[] headers = new String[60];
    Arrays.setAll(headers, i -> "x-" + i + ": 1");

    assertThat(client.get("/restate/health", headers).status()).isEqualTo(431);
  }

  @Test
  void aHugeHeaderAndAHugeTargetAreRefused() throws IOException {
    assertThat(client.get("/restate/health", "x: " + "y".repeat(70_000)).status()).isEqualTo(431);
    try (RawClient other = house.client()) {
      assertThat(other.get("/" + "y".repeat(70_000)).status()).isEqualTo(414);
    }
  }

  @Test
  void onlySoManyRequestsMayWait() throws Exception {
    List<RawClient> waiting = new ArrayList<>();
    for (int i = 0; i < Gatehouse.MAX_WAITING; i++) {
      RawClient one = house.client();
      one.send("GET /Probe/wait HTTP/1.1\r\nhost: x\r\n\r\n");
      waiting.add(one);
    }
    until(() -> house.requests.waiting().count() == Gatehouse.MAX_WAITING);

    Reply reply = client.post("/Probe/echo", "1");

    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("x-restate-error-source")).isEqualTo("ingress");
    assertThat(client.get("/restate/health").status()).isEqualTo(200);
    for (RawClient one : waiting) {
      one.close();
    }
    until(() -> house.requests.waiting().count() == 0);
    assertThat(client.post("/Probe/echo", "1").status()).isEqualTo(200);
  }

  @Test
  void anHttp2BodyBeyondTheLimitIsRefused() throws Exception {
    try (TestLoops loops = new TestLoops();
        H2Client h2 = new H2Client(loops.group(), house.server.address())) {
      byte[] large = new byte[LIMIT + 1];
      assertThat(h2.request("POST", "/Probe/any", large, "content-type", "a/b").get().status())
          .isEqualTo(413);
      assertThat(
              h2.request("POST", "/Probe/any", large, "content-length", "" + large.length)
                  .get()
                  .body())
          .isEqualTo("length limit exceeded");
      assertThat(h2.request("GET", "/restate/health", new byte[0]).get().status()).isEqualTo(200);
    }
  }
}
