package dev.reprise.server.admin;

import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.HttpHandler;
import dev.reprise.server.http.Response;
import dev.reprise.server.metrics.NodeMetrics;
import dev.reprise.storage.model.Bytes;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The node port: whether the node lives, who it is, and its metrics. */
public final class NodeApi implements HttpHandler {
  private final NodeMetrics metrics;
  private final Executor background;
  private final Supplier<byte[]> identity;

  /**
   * The node port of a node.
   *
   * @param background reads the metrics
   * @param identity who the node is, in JSON
   */
  public NodeApi(NodeMetrics metrics, Executor background, Supplier<byte[]> identity) {
    this.metrics = metrics;
    this.background = background;
    this.identity = identity;
  }

  @Override
  public void handle(Exchange exchange) {
    try {
      List<String> path = AdminApi.segments(exchange);
      if (path.size() != 1) {
        throw AdminError.noSuchPath();
      }
      switch (path.getFirst()) {
        case "health" -> {
          AdminApi.expect(exchange, "GET");
          exchange.respond(new Response(200));
        }
        case "identity" -> {
          AdminApi.expect(exchange, "GET");
          exchange.respond(
              new Response(200)
                  .header(Response.CONTENT_TYPE, Response.JSON)
                  .body(Bytes.of(identity.get())));
        }
        case "metrics" -> {
          AdminApi.expect(exchange, "GET");
          AdminApi.scrape(exchange, metrics, background);
        }
        default -> throw AdminError.noSuchPath();
      }
    } catch (AdminError e) {
      exchange.respond(e.response());
    }
  }

  @Override
  public Response refusal(Refusal refusal) {
    return Response.text(refusal.status(), refusal.message());
  }
}
