package dev.reprise.server.endpoint;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Looks up the addresses of a name. Any thread; never blocks the caller. */
@FunctionalInterface
public interface HostNames {
  /** All addresses, at least one; fails with {@link UnknownHostException}. */
  CompletableFuture<List<InetAddress>> lookUp(String host);

  /** The platform's resolver, asked on a thread of its own. */
  static HostNames system() {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "host-names");
              made.setDaemon(true);
              return made;
            });
    return host ->
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return List.of(InetAddress.getAllByName(host));
              } catch (UnknownHostException e) {
                throw new java.util.concurrent.CompletionException(e);
              }
            },
            thread);
  }
}
