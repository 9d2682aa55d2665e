package dev.reprise.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running server.
 *
 * @param ingress where requests go
 * @param admin base of its admin API
 * @param pid root of its process tree
 * @param grpc host and port of its gRPC ingress; empty where it has none
 */
record ServerUnderTest(String name, String ingress, String admin, long pid, String grpc) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<name>[^=,]+)=(?<ingress>[^,]+),(?<admin>[^,]+),(?<pid>\\d+)(,(?<grpc>[^,]+))?");

  static ServerUnderTest of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "Expected NAME=INGRESS_URL,ADMIN_URL,PID or that and ,GRPC_HOST:PORT, but '"
              + text
              + "'");
    }
    return new ServerUnderTest(
        matcher.group("name"),
        matcher.group("ingress").replaceAll("/+$", ""),
        matcher.group("admin").replaceAll("/+$", ""),
        Long.parseLong(matcher.group("pid")),
        Objects.requireNonNullElse(matcher.group("grpc"), ""));
  }

  /** Whether it has what the workload goes through. */
  boolean has(Workload.Door door) {
    return door == Workload.Door.HTTP || !grpc.isEmpty();
  }

  /** Registers an endpoint, and makes one call, so that nothing is measured that does not work. */
  void register(HttpClient client, String endpoint) throws IOException, InterruptedException {
    expectSuccess(client, admin + "/deployments", "{\"uri\":\"" + endpoint + "\",\"force\":true}");
    expectSuccess(client, ingress + "/Echo/echo", "\"hello\"");
  }

  private void expectSuccess(HttpClient client, String url, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(
          "Expected %s to accept %s, but %d: %s"
              .formatted(name, url, response.statusCode(), response.body()));
    }
  }
}
