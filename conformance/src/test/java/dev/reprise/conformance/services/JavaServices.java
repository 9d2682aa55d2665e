package dev.reprise.conformance.services;

import dev.restate.sdk.endpoint.Endpoint;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import dev.restate.sdk.http.vertx.RestateHttpServer;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** An endpoint of the official Java SDK in this process, on a free port of this machine. */
public final class JavaServices implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final HttpServer server;

  private JavaServices(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts an endpoint.
   *
   * @param suspend whether every wait is to be put away at once
   * @param lazy whether state is to come only when asked for
   * @param only the names of the services to serve; all when empty
   */
  public static JavaServices start(
      Effects effects, boolean suspend, boolean lazy, String edition, Set<String> only) {
    Endpoint.Builder endpoint = Endpoint.builder();
    for (ServiceDefinition service : all(effects, edition)) {
      if (only.isEmpty() || only.contains(service.getServiceName())) {
        endpoint.bind(
            service.configure(
                it -> {
                  if (suspend) {
                    it.inactivityTimeout(Duration.ZERO);
                  }
                  if (lazy) {
                    it.enableLazyState(true);
                  }
                }));
      }
    }
    HttpServer server = RestateHttpServer.fromEndpoint(endpoint.build());
    server
        .listen(0)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
    return new JavaServices(server);
  }

  private static List<ServiceDefinition> all(Effects effects, String edition) {
    return List.of(
        BasicServices.basic(effects),
        BasicServices.door(),
        BasicServices.edition(effects, edition),
        BasicServices.leaver(effects),
        CallerService.caller(),
        CombineService.combine(effects),
        FlowServices.flow(effects),
        FlowServices.briefFlow(effects),
        FlowServices.starter(),
        StepsService.steps(effects),
        StoreService.store(effects),
        TimingService.timing(effects),
        WaiterService.waiter(effects));
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  @Override
  public void close() {
    server
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
