package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataMachine;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.http.HttpHandler;
import dev.reprise.server.ingress.EchoRequests;
import dev.reprise.server.metrics.NodeMetrics;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;

/** The admin API before partitions that fit into a test, with a registry that does not change. */
final class AdminRoutes implements AutoCloseable {
  private final NodeMetrics metrics = new NodeMetrics();
  private final AdminApi api;

  AdminRoutes(EchoRequests echo) {
    Registrar registrar =
        new Registrar() {
          private Registry now = echo.requests.registry();

          @Override
          public Registry registry() {
            return now;
          }

          @Override
          public synchronized CompletableFuture<MetadataResult> propose(MetadataCommand command) {
            MetadataMachine.Step step = MetadataMachine.apply(now, command);
            now = step.registry();
            return CompletableFuture.completedFuture(step.result());
          }
        };
    Discovery discovery =
        (address, headers) ->
            CompletableFuture.failedFuture(new DiscoveryException(null, 500, "not here"));
    RegistryViews views = new RegistryViews(registrar::registry, ServiceOptions.DEFAULTS);
    api =
        new AdminApi(
            new AdminInfo(
                "0.1.0", "demo", "http://127.0.0.1:8080/", Set.of("protocol_v7"), () -> List.of(1)),
            new Registrations(
                registrar, discovery, views, InstantSource.system(), new SplittableRandom(1)),
            new DeploymentEdits(registrar, discovery, views, id -> 0, ForkJoinPool.commonPool()),
            new InvocationsApi(echo.operations()),
            new StateApi(echo.stateEdits()),
            new LimitsApi(registrar, InstantSource.system()),
            views,
            metrics,
            ForkJoinPool.commonPool());
  }

  HttpHandler handler() {
    return api;
  }

  @Override
  public void close() {
    metrics.close();
  }
}
