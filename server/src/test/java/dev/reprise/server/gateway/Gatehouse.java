package dev.reprise.server.gateway;

import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.HttpServer;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.TestLoops;
import dev.reprise.server.ingress.EchoIngress;
import dev.reprise.server.ingress.EchoRequests;
import dev.reprise.server.ingress.Requests;
import java.io.IOException;
import java.time.Instant;

/** A gateway on a real port, before partitions that fit into a test. The clock stands still. */
final class Gatehouse implements AutoCloseable {
  static final Instant NOW = EchoRequests.NOW;
  static final int MAX_WAITING = EchoRequests.MAX_WAITING;

  final EchoRequests echo;
  final EchoIngress ingress;
  final Requests requests;
  final HttpGateway gateway;
  final HttpServer server;

  private final TestLoops loops = new TestLoops();

  Gatehouse() throws IOException {
    this(HttpLimits.DEFAULT);
  }

  Gatehouse(HttpLimits limits) throws IOException {
    this(limits, new EchoRequests());
  }

  Gatehouse(HttpLimits limits, EchoRequests echo) throws IOException {
    this.echo = echo;
    ingress = echo.ingress;
    requests = echo.requests;
    gateway = new HttpGateway(requests);
    server = loops.serve(gateway, limits);
  }

  RawClient client() throws IOException {
    return new RawClient(server.address());
  }

  @Override
  public void close() {
    server.close();
    echo.close();
    loops.close();
  }
}
