package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.http.H2Client;
import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.server.http.TestLoops;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome.Success;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What happens below the meaning of a path: versions of HTTP, order and leaving clients. */
class GatewayTransportTest extends GatehouseTest {
  private static final int LIMIT = 1 << 20;

  GatewayTransportTest() {
    super(new HttpLimits(LIMIT, 3L << 20, 50));
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      String body = "\"" + i + "\"";
      all.append(i % 3 == 0 ? "GET /restate/health HTTP/1.1\r\nhost: x\r\n\r\n" : post(body));
    }
    client.send(all.toString());

    for (int i = 0; i < 200; i++) {
      String expected = i % 3 == 0 ? "{\"services\":[\"Obj\",\"Probe\",\"Wf\"]}" : "\"" + i + "\"";
      assertThat(client.reply().body()).isEqualTo(expected);
    }
  }

  @Test
  void aRequestBehindOneThatWaitsIsAnsweredAfterIt() throws Exception {
    String id = client.post("/Probe/wait/send", "1").header("x-restate-id");
    client.send("GET /restate/attach/" + id + " HTTP/1.1\r\nhost: x\r\n\r\n");
    client.send(post("2").repeat(3));
    assertThat(house.ingress.created()).isEqualTo(1);

    house.ingress.complete(InvocationId.parse(id), new Success(Bytes.utf8("1")));

    assertThat(client.reply().body()).isEqualTo("1");
    assertThat(client.reply().body()).isEqualTo("2");
    assertThat(client.reply().body()).isEqualTo("2");
    assertThat(client.reply().body()).isEqualTo("2");
  }

  @Test
  void aClientThatDoesNotReadIsNotAnsweredFurther() throws IOException {
    client.post("/Probe/echo", "x".repeat(LIMIT), "idempotency-key: k");
    String output = "GET /restate/invocation/Probe/echo/k/output HTTP/1.1\r\nhost: x\r\n\r\n";
    client.send(output.repeat(200));

    for (int i = 0; i < 200; i++) {
      assertThat(client.reply().bytes()).hasSize(LIMIT);
      // What the sockets' buffers hold is answered ahead, and no more.
      assertThat(house.gateway.requests() - i).isLessThan(60);
    }
  }

  @Test
  void aRequestMayArriveByteByByte() throws IOException {
    for (byte b : post("\"slow\"").getBytes(StandardCharsets.US_ASCII)) {
      client.send(new byte[] {b});
    }

    assertThat(client.reply().body()).isEqualTo("\"slow\"");
  }

  @Test
  void aChunkedBodyIsPutTogether() throws IOException {
    client.send(
        "POST /Probe/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            + "transfer-encoding: chunked\r\n\r\n3\r\n\"ab\r\n2\r\nc\"\r\n0\r\n\r\n");

    assertThat(client.reply().body()).isEqualTo("\"abc\"");
  }

  @Test
  void aClientThatAsksFirstIsToldToContinue() throws IOException {
    client.send(
        "POST /Probe/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            + "content-length: 1\r\nexpect: 100-continue\r\n\r\n");
    assertThat(client.reply().statusLine()).isEqualTo("HTTP/1.1 100 Continue");
    client.send("7");

    assertThat(client.reply().body()).isEqualTo("7");
  }

  @Test
  void anOldClientIsAnsweredInItsVersionAndLeft() throws IOException {
    client.send("GET /restate/health HTTP/1.0\r\n\r\n");

    Reply reply = client.reply();
    assertThat(reply.statusLine()).isEqualTo("HTTP/1.0 200 OK");
    assertThat(reply.header("connection")).isEqualTo("close");
    assertThat(client.closed()).isTrue();
  }

  @Test
  void anOldClientMayAskToStay() throws IOException {
    String request = "GET /restate/health HTTP/1.0\r\nconnection: keep-alive\r\n\r\n";
    client.send(request);
    assertThat(client.reply().header("connection")).isEqualTo("keep-alive");
    client.send(request);
    assertThat(client.reply().status()).isEqualTo(200);
  }

  @Test
  void anUpgradeIsIgnored() throws IOException {
    Reply reply =
        client.get("/restate/health", "connection: Upgrade, HTTP2-Settings", "upgrade: h2c");

    assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  void whatIsNotHttpIsRefused() throws IOException {
    client.send("this is not http\r\n\r\n");

    assertThat(client.reply().status()).isEqualTo(400);
    assertThat(client.closed()).isTrue();
  }

  @Test
  void aClientThatLeavesTakesItsWaitingBack() throws Exception {
    try (RawClient leaving = house.client()) {
      leaving.send("GET /Probe/wait HTTP/1.1\r\nhost: x\r\n\r\n");
      until(() -> house.requests.waiting().count() == 1);
    }

    until(() -> house.requests.waiting().count() == 0);
    until(() -> house.ingress.cancelled() == 1);
    assertThat(house.ingress.created()).isEqualTo(1);
  }

  @Test
  void aServerThatClosesFinishesWhatItHasBegun() throws Exception {
    String id = client.post("/Probe/wait/send", "1").header("x-restate-id");
    client.send("GET /restate/attach/" + id + " HTTP/1.1\r\nhost: x\r\n\r\n");
    until(() -> house.requests.waiting().count() == 1);

    CompletableFuture<Void> drained = house.server.drain();
    house.ingress.complete(InvocationId.parse(id), new Success(Bytes.utf8("late")));

    Reply reply = client.reply();
    assertThat(reply.body()).isEqualTo("late");
    assertThat(client.closed()).isTrue();
    drained.get(10, TimeUnit.SECONDS);
  }

  @Test
  void http2WithPriorKnowledgeIsSpokenOnTheSamePort() throws Exception {
    try (TestLoops loops = new TestLoops();
        H2Client h2 = new H2Client(loops.group(), house.server.address())) {
      String json = "application/json";
      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        replies.add(h2.request("POST", "/Probe/echo", H2Client.utf8("" + i), "content-type", json));
      }
      for (int i = 0; i < 40; i++) {
        Reply reply = replies.get(i).get();
        assertThat(reply.statusLine()).isEqualTo("HTTP/2 200");
        assertThat(reply.body()).isEqualTo("" + i);
        assertThat(reply.header("x-restate-id")).startsWith("inv_1");
        assertThat(reply.header("vary")).contains("origin");
      }
      Reply headers =
          h2.request(
                  "POST",
                  "/Probe/headers?a=b",
                  H2Client.utf8("x"),
                  "content-type",
                  "a/b",
                  "x-c",
                  "d")
              .get();
      assertThat(headers.body())
          .isEqualTo("x-restate-ingress-path=/Probe/headers?a=b\ncontent-type=a/b\nx-c=d\n");
      assertThat(h2.request("GET", "/Nope/x", new byte[0]).get().status()).isEqualTo(404);
      byte[] whole = new byte[LIMIT];
      assertThat(h2.request("POST", "/Probe/any", whole, "content-type", "a/b").get().bytes())
          .isEqualTo(whole);
    }
  }

  @Test
  void aResetHttp2StreamTakesItsWaitingBack() throws Exception {
    try (TestLoops loops = new TestLoops();
        H2Client h2 = new H2Client(loops.group(), house.server.address())) {
      CompletableFuture<Reply> other = h2.request("GET", "/Probe/wait", new byte[0]);
      until(() -> house.requests.waiting().count() == 1);
      h2.requestAndReset("GET", "/Probe/wait");

      until(() -> house.ingress.cancelled() == 1);
      assertThat(other).isNotDone();
    }
    until(() -> house.requests.waiting().count() == 0);
  }

  private static String post(String body) {
    return "POST /Probe/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        + "content-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
