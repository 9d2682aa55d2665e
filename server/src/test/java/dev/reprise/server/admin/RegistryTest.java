package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.server.admin.Discovery.Discovered;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A registry that is empty at first, and endpoints that serve what a test wants. */
abstract class RegistryTest extends AdminTest {
  final LocalRegistrar registrar = new LocalRegistrar(Registry.EMPTY);

  /** What endpoints were asked what they serve: address and headers. */
  final List<String> asked = new ArrayList<>();

  /** Open invocations of each deployment. */
  final AtomicLong pinned = new AtomicLong();

  /** What they answer. */
  CompletableFuture<Discovered> found;

  RegistryTest(CompletableFuture<Discovered> found) {
    this.found = found;
  }

  @Override
  AdminRoutes serve() {
    return new AdminRoutes(
        echo,
        registrar,
        (address, headers) -> {
          asked.add(address.text() + " " + headers);
          return found;
        },
        id -> pinned.get());
  }
}
