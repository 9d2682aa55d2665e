package dev.reprise.server.admin;

import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.HttpServer;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.server.http.TestLoops;
import dev.reprise.server.ingress.EchoRequests;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/** The admin HTTP API for each test, over real sockets, and a client of it. */
abstract class AdminTest {
  final EchoRequests echo = new EchoRequests();
  final TestLoops loops = new TestLoops();
  AdminRoutes routes;
  RawClient client;
  private HttpServer server;

  /** What is served. */
  AdminRoutes serve() {
    return new AdminRoutes(echo);
  }

  HttpLimits limits() {
    return HttpLimits.DEFAULT;
  }

  @BeforeEach
  void open() throws IOException {
    routes = serve();
    server = loops.serve(routes.handler(), limits());
    client = new RawClient(server.address());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    loops.close();
    echo.close();
    routes.close();
  }

  static JsonNode json(Reply reply) {
    return AdminJson.MAPPER.readTree(reply.bytes());
  }
}
