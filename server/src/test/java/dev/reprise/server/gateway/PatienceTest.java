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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that ask nothing, and requests that stop coming. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // Each test opens its own house.
class PatienceTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(10);

  private Gatehouse house;
  private RawClient client;

  @AfterEach
  void close() throws IOException {
    client.close();
    house.close();
  }

  private void open(Duration patience, Duration idle) throws IOException {
    house = new Gatehouse(HttpLimits.DEFAULT.with(patience, idle));
    client = house.client();
  }

  @Test
  void aConnectionThatNeverAsksIsClosed() throws IOException {
    open(SHORT, SHORT);

    assertThat(client.closed()).isTrue();
  }

  @Test
  void aConnectionThatAsksNothingMoreIsClosed() throws IOException {
    open(SHORT, SHORT);

    assertThat(client.post("/Probe/echo", "1").body()).isEqualTo("1");
    assertThat(client.closed()).isTrue();
  }

  @Test
  void aHeadThatStopsComingIsRefused() throws IOException {
    open(SHORT, LONG);
    client.post("/Probe/echo", "1");

    client.send("POST /Probe/echo HTTP/1.1\r\nhost: x\r\n");

    Reply reply = client.reply();
    assertThat(reply.status()).isEqualTo(408);
    assertThat(reply.body()).contains("Expected the rest of the request sooner");
    assertThat(client.closed()).isTrue();
  }

  @Test
  void aConnectionWhoseFirstBytesAreNoRequestYetIsClosed() throws IOException {
    open(SHORT, LONG);

    client.send("PRI * HTTP/2.0\r\n");

    assertThat(client.closed()).isTrue();
  }

  @Test
  void aBodyThatStopsComingIsRefused() throws Exception {
    open(SHORT, LONG);

    client.send("POST /Probe/any HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12345");

    assertThat(client.reply().status()).isEqualTo(408);
    assertThat(client.closed()).isTrue();
    GatehouseTest.until(() -> house.server.heldBytes() == 0);
  }

  @Test
  void whoeverWaitsForAnAnswerIsNotHurried() throws Exception {
    open(SHORT, SHORT);
    String id = client.post("/Probe/wait/send", "1").header("x-restate-id");
    client.send("GET /restate/attach/" + id + " HTTP/1.1\r\nhost: x\r\n\r\n");
    GatehouseTest.until(() -> house.requests.waiting().count() == 1);

    try (RawClient other = house.client()) {
      // It is closed after more than the time that the first one waits already.
      assertThat(other.closed()).isTrue();
    }
    house.ingress.complete(InvocationId.parse(id), new Success(Bytes.utf8("late")));

    assertThat(client.reply().body()).isEqualTo("late");
  }

  @Test
  void anHttp2ConnectionIsClosedWhenItHasNoStreams() throws Exception {
    open(SHORT, SHORT);
    try (TestLoops loops = new TestLoops();
        H2Client h2 = new H2Client(loops.group(), house.server.address())) {
      CompletableFuture<Reply> waiting = h2.request("GET", "/Probe/wait", new byte[0]);
      GatehouseTest.until(() -> house.requests.waiting().count() == 1);
      assertThat(client.closed()).isTrue();
      assertThat(waiting).isNotDone();
      assertThat(h2.request("GET", "/restate/health", new byte[0]).get().status()).isEqualTo(200);

      h2.resetAll();

      h2.closed().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void anHttp2BodyThatStopsComingIsRefused() throws Exception {
    open(SHORT, LONG);
    try (TestLoops loops = new TestLoops();
        H2Client h2 = new H2Client(loops.group(), house.server.address())) {
      Reply reply = h2.begin("POST", "/Probe/any", H2Client.utf8("half")).get();

      assertThat(reply.status()).isEqualTo(408);
      GatehouseTest.until(() -> house.server.heldBytes() == 0);
      assertThat(h2.request("GET", "/restate/health", new byte[0]).get().status()).isEqualTo(200);
    }
  }
}
