package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.http.HttpHandler;
import dev.reprise.server.ingress.EchoRequests;
import dev.reprise.server.metrics.NodeMetrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;

/** The admin API before partitions that fit into a test, with a registry without a log. */
final class AdminRoutes implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-22T09:14:05.655Z");

  private final NodeMetrics metrics = new NodeMetrics();
  private final AdminApi api;

  /** Which versions of the rules for limits all partitions were waited to follow. */
  final List<Long> followed = new CopyOnWriteArrayList<>();

  /** Serves what the requests know; no endpoint is there, and nothing is in use. */
  AdminRoutes(EchoRequests echo) {
    this(
        echo,
        new LocalRegistrar(echo.requests.registry()),
        (address, headers) ->
            CompletableFuture.failedFuture(new DiscoveryException(null, 500, "not here")),
        id -> 0);
  }

  AdminRoutes(EchoRequests echo, LocalRegistrar registrar, Discovery discovery, DeploymentUse use) {
    RegistryViews views = new RegistryViews(registrar::registry, ServiceOptions.DEFAULTS);
    api =
        new AdminApi(
            new AdminInfo(
                "0.1.0",
                "demo",
                "http://127.0.0.1:8080/",
                Set.of("protocol_v7"),
                () -> List.of(1, 2)),
            new Registrations(
                registrar, discovery, views, InstantSource.fixed(NOW), new SplittableRandom(1)),
            new DeploymentEdits(registrar, discovery, views, use, ForkJoinPool.commonPool()),
            new InvocationsApi(echo.operations()),
            new StateApi(echo.stateEdits()),
            new LimitsApi(
                registrar, InstantSource.system(), followed::add, ForkJoinPool.commonPool()),
            views,
            metrics,
            ForkJoinPool.commonPool());
  }

  HttpHandler handler() {
    return api;
  }

  NodeMetrics metrics() {
    return metrics;
  }

  @Override
  public void close() {
    metrics.close();
  }
}
