package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.server.ingress.EchoRequests;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that has missed what was registered catches up before it says that there is none. */
@Timeout(60)
class MissedTest {
  private Gatehouse house;
  private RawClient client;

  @BeforeEach
  void amongOthers() throws IOException {
    house = new Gatehouse(HttpLimits.DEFAULT, new EchoRequests(true));
    client = house.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    house.close();
  }

  @Test
  void aHandlerIsCalled() throws IOException {
    house.echo.missEverything();

    assertThat(client.post("/Probe/echo", "1").body()).isEqualTo("1");
  }

  @Test
  void anOutcomeIsToldWithTheContentTypeOfItsHandler() throws Exception {
    String id = client.post("/Probe/echo", "1", "idempotency-key: k").header("x-restate-id");

    for (String verb : new String[] {"output", "attach"}) {
      house.echo.missEverything();
      Reply outcome = client.get("/restate/" + verb + "/" + id);
      assertThat(outcome.body()).isEqualTo("1");
      assertThat(outcome.header("content-type")).isEqualTo("application/json");
    }
    GatehouseTest.until(() -> house.requests.waiting().count() == 0);
  }
}
