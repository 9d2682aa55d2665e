package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.server.http.Deferrals;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.HttpHandler;
import dev.reprise.server.http.Response;
import dev.reprise.server.metrics.NodeMetrics;
import dev.reprise.storage.model.Bytes;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Routes the admin HTTP API. Every route is there without a version and under /v2, /v3 and /v4.
 * Runs on the event loops of its connections; what takes longer runs elsewhere.
 */
public final class AdminApi implements HttpHandler {
  static final AsciiString ALLOW = AsciiString.cached("allow");

  private static final int LATEST = 4;

  /** Requests that wait until this node knows what was registered elsewhere. */
  private static final int DEFERRED = 200;

  private static final long DEFERRED_BYTES = 16L << 20;

  private final AdminInfo info;
  private final Registrations registrations;
  private final DeploymentEdits edits;
  private final InvocationsApi invocations;
  private final StateApi state;
  private final LimitsApi limits;
  private final RegistryViews views;
  private final NodeMetrics metrics;
  private final Executor background;
  private final CatchingUp catchingUp;
  private final Deferrals deferrals = new Deferrals(this, DEFERRED, DEFERRED_BYTES);

  /** The admin API of a node that is alone. */
  public AdminApi(
      AdminInfo info,
      Registrations registrations,
      DeploymentEdits edits,
      InvocationsApi invocations,
      StateApi state,
      LimitsApi limits,
      RegistryViews views,
      NodeMetrics metrics,
      Executor background) {
    this(
        info,
        registrations,
        edits,
        invocations,
        state,
        limits,
        views,
        metrics,
        background,
        CatchingUp.alone());
  }

  /**
   * The admin API of a node.
   *
   * @param background runs what must not hold up an event loop
   * @param catchingUp before what is registered is looked at
   */
  public AdminApi(
      AdminInfo info,
      Registrations registrations,
      DeploymentEdits edits,
      InvocationsApi invocations,
      StateApi state,
      LimitsApi limits,
      RegistryViews views,
      NodeMetrics metrics,
      Executor background,
      CatchingUp catchingUp) {
    this.info = info;
    this.registrations = registrations;
    this.edits = edits;
    this.invocations = invocations;
    this.state = state;
    this.limits = limits;
    this.views = views;
    this.metrics = metrics;
    this.background = background;
    this.catchingUp = catchingUp;
  }

  @Override
  public void handle(Exchange exchange) {
    if (!catchingUp.canHaveMissed() || !looksAtTheMetadata(exchange)) {
      answer(exchange, null);
    } else if (!deferrals.defer(
        exchange, catchingUp.toNow(), problem -> answer(exchange, problem))) {
      exchange.respond(
          AdminError.json(
              503, null, "Expected fewer than " + DEFERRED + " requests at a time; try again"));
    }
  }

  /**
   * @param behind why this node may not know what was registered elsewhere; null when it does. It
   *     shows what it knows then; of what it does not, nobody can say that it is not there
   */
  private void answer(Exchange exchange, @Nullable Throwable behind) {
    try {
      route(exchange);
    } catch (AdminError e) {
      exchange.respond(
          behind != null && e.response().status() == 404
              ? AdminError.unavailable(behind)
              : e.response());
    }
  }

  /** A registration need not: the log says whether its address was known. */
  private static boolean looksAtTheMetadata(Exchange exchange) {
    List<String> path = segments(exchange);
    boolean versioned = path.size() > 1 && path.getFirst().matches("v\\d");
    String first = path.isEmpty() ? "" : path.get(versioned ? 1 : 0);
    return switch (first) {
      case "deployments" -> !exchange.method().equals("POST");
      case "services", "limits" -> true;
      default -> false;
    };
  }

  @Override
  public Response refusal(Refusal refusal) {
    return refusal == Refusal.DECLARED_TOO_LARGE
        ? Response.text(refusal.status(), refusal.message())
        : AdminError.json(refusal.status(), null, refusal.message());
  }

  /** The text of all metrics, for the ports that show them. */
  static void scrape(Exchange exchange, NodeMetrics metrics, Executor background) {
    background.execute(
        () ->
            exchange.respond(
                new Response(200)
                    .header(Response.CONTENT_TYPE, NodeMetrics.CONTENT_TYPE)
                    .body(Bytes.utf8(metrics.scrape()))));
  }

  static void expect(Exchange exchange, String method) {
    if (!exchange.method().equals(method)) {
      throw AdminError.wrongMethod(method);
    }
  }

  /** The path's segments, without query and trailing slashes. */
  static List<String> segments(Exchange exchange) {
    String target = exchange.target();
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    List<String> segments = Arrays.asList(path.split("/", -1));
    int end = segments.size();
    while (end > 1 && segments.get(end - 1).isEmpty()) {
      end--;
    }
    return segments.subList(1, Math.max(1, end));
  }

  private void route(Exchange exchange) {
    List<String> path = segments(exchange);
    int version = LATEST;
    if (!path.isEmpty() && path.getFirst().length() == 2 && path.getFirst().charAt(0) == 'v') {
      version =
          switch (path.getFirst()) {
            case "v1" ->
                throw AdminError.form(
                    400, "Expected an admin API version from 2 to 4, but got 1; update the client");
            case "v2" -> 2;
            case "v3" -> 3;
            case "v4" -> 4;
            default -> throw AdminError.noSuchPath();
          };
      path = path.subList(1, path.size());
    }
    if (path.isEmpty()) {
      throw AdminError.noSuchPath();
    }
    switch (path.getFirst()) {
      case "deployments" -> deployments(exchange, path, version);
      case "services" -> services(exchange, path);
      case "invocations" -> invocations.one(exchange, path);
      case "limits" -> limits.route(exchange, path);
      case "internal" -> invocations.many(exchange, path);
      case "health", "version", "cluster-health", "metrics" -> node(exchange, path);
      default -> throw AdminError.noSuchPath();
    }
  }

  private void deployments(Exchange exchange, List<String> path, int version) {
    if (path.size() == 1) {
      switch (exchange.method()) {
        case "POST" -> registrations.register(exchange, version);
        case "GET" -> exchange.respond(views.deployments());
        default -> throw AdminError.wrongMethod("GET,POST");
      }
      return;
    }
    if (path.size() != 2) {
      throw AdminError.noSuchPath();
    }
    switch (exchange.method()) {
      case "GET" -> exchange.respond(views.deployment(path.get(1)));
      case "PATCH" -> edits.update(exchange, path.get(1));
      case "DELETE" -> edits.remove(exchange, path.get(1));
      case "PUT" -> {
        if (version > 2) {
          throw AdminError.wrongMethod("GET,PATCH,DELETE");
        }
        edits.update(exchange, path.get(1));
      }
      default -> throw AdminError.wrongMethod("GET,PATCH,DELETE");
    }
  }

  private void services(Exchange exchange, List<String> path) {
    if (path.size() == 3 && path.get(2).equals("state")) {
      expect(exchange, "POST");
      state.modify(exchange, path.get(1));
      return;
    }
    boolean handlers = path.size() >= 3 && path.get(2).equals("handlers");
    if (path.size() > 4 || (path.size() >= 3 && !handlers)) {
      throw AdminError.noSuchPath();
    }
    if (path.size() == 2 && exchange.method().equals("PATCH")) {
      edits.modify(exchange, path.get(1));
      return;
    }
    if (path.size() == 2 && !exchange.method().equals("GET")) {
      throw AdminError.wrongMethod("GET,PATCH");
    }
    expect(exchange, "GET");
    exchange.respond(
        switch (path.size()) {
          case 1 -> views.services();
          case 2 -> views.service(path.get(1));
          case 3 -> views.handlers(path.get(1));
          default -> views.handler(path.get(1), path.get(3));
        });
  }

  private void node(Exchange exchange, List<String> path) {
    if (path.size() != 1) {
      throw AdminError.noSuchPath();
    }
    expect(exchange, "GET");
    switch (path.getFirst()) {
      case "health" -> exchange.respond(new Response(200));
      case "version" -> exchange.respond(AdminJson.version(info));
      case "cluster-health" -> exchange.respond(AdminJson.clusterHealth(info));
      case "metrics" -> scrape(exchange, metrics, background);
      default -> throw AdminError.noSuchPath();
    }
  }
}
