package dev.reprise.server.node;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Registers endpoints through the admin API, as a user would, and then says what can be tried. */
final class FirstRegistrations {
  private static final long GIVE_UP_SECONDS = 30;

  private final Doors.Addresses at;
  private final PrintStream out;

  FirstRegistrations(Doors.Addresses at, PrintStream out) {
    this.at = at;
    this.out = out;
  }

  void make(List<String> uris, @Nullable Path hints) throws InterruptedException {
    for (String uri : uris) {
      register(uri);
    }
    if (hints != null) {
      try {
        out.print(
            Files.readString(hints)
                .replace("http://localhost:8080", at.ingress())
                .replace("http://localhost:9070", at.admin()));
      } catch (IOException e) {
        System.err.println("reprise: expected to read " + hints + ", but " + e.getMessage());
      }
      out.flush();
    }
  }

  /** The endpoint may still be starting: asked again until it answers. */
  private void register(String uri) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(at.admin() + "/deployments"))
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofString("{\"uri\":\"" + uri + "\",\"force\":true}"))
            .build();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
    String problem;
    try (HttpClient client = HttpClient.newHttpClient()) {
      do {
        problem = attempt(client, request);
        if (problem == null) {
          out.println("registered " + uri);
          return;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      } while (System.nanoTime() - deadline < 0);
    }
    System.err.println("reprise: expected " + uri + " to be registered, but " + problem);
  }

  private static @Nullable String attempt(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return response.statusCode() < 300 ? null : response.body();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
