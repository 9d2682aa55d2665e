package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.http.H2Client;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.server.http.TestLoops;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is about to stop: clients are asked to go elsewhere, and nobody is cut off. */
@Timeout(60)
class LeavingTest {
  private Gatehouse house;

  @BeforeEach
  void open() throws IOException {
    house = new Gatehouse();
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void itsHealthSaysThatOthersAreToBeAsked() throws IOException {
    try (RawClient client = house.client()) {
      assertThat(client.get("/restate/health").status()).isEqualTo(200);

      house.gateway.leave();

      Reply health = client.get("/restate/health");
      assertThat(health.status()).isEqualTo(503);
      assertThat(health.body()).contains("ask another one");
    }
  }

  @Test
  void anAnswerOverHttp1EndsItsConnection() throws IOException {
    try (RawClient before = house.client()) {
      assertThat(before.post("/Probe/echo", "1").header("connection")).isEmpty();

      house.server.leave();

      Reply last = before.post("/Probe/echo", "2");
      assertThat(last.body()).isEqualTo("2");
      assertThat(last.header("connection")).isEqualTo("close");
      assertThat(before.closed()).isTrue();
    }
    try (RawClient after = house.client()) {
      Reply only = after.post("/Probe/echo", "3");
      assertThat(only.body()).isEqualTo("3");
      assertThat(only.header("connection")).isEqualTo("close");
    }
  }

  @Test
  void whatIsOnItsWayOverHttp2IsAnswered() throws Exception {
    try (TestLoops loops = new TestLoops();
        H2Client client = new H2Client(loops.group(), house.server.address())) {
      assertThat(client.request("GET", "/restate/health", new byte[0]).get().status())
          .isEqualTo(200);

      house.server.leave();

      assertThat(client.goodbye().get(20, TimeUnit.SECONDS)).isEqualTo(Integer.MAX_VALUE);
      Reply late = client.request("GET", "/restate/health", new byte[0]).get();
      assertThat(late.status()).isEqualTo(200);
    }
  }
}
