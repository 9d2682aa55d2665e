package dev.reprise.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The server's admin HTTP API. Blocks. */
final class AdminHttp {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(90);
  private static final String API = "/v4";

  private final String base;

  AdminHttp(String address) {
    String url = address.contains("://") ? address : "http://" + address;
    this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** A status from 200 to 299 and its document. */
  record Reply(int status, JsonNode json) {}

  Reply get(String path) {
    return send(request(path).GET().build());
  }

  Reply post(String path, JsonNode body) {
    return send(
        request(path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  Reply put(String path, JsonNode body) {
    return send(
        request(path)
            .header("content-type", "application/json")
            .PUT(BodyPublishers.ofString(body.toString()))
            .build());
  }

  Reply patch(String path, JsonNode body) {
    return send(
        request(path)
            .header("content-type", "application/json")
            .method("PATCH", BodyPublishers.ofString(body.toString()))
            .build());
  }

  Reply delete(String path) {
    return send(request(path).DELETE().build());
  }

  /** Percent-encodes one segment of a path. */
  static String segment(String raw) {
    return URLEncoder.encode(raw, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    try {
      return HttpRequest.newBuilder(URI.create(base + API + path)).timeout(ANSWER);
    } catch (IllegalArgumentException e) {
      throw new CliException(
          CliException.USAGE,
          "Expected the address of an admin API, but got '" + base + "'",
          "give one such as --admin http://127.0.0.1:9070");
    }
  }

  private Reply send(HttpRequest request) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build()) {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw refused(response);
      }
      String body = response.body();
      return new Reply(
          response.statusCode(),
          body.isBlank() ? Output.JSON.createObjectNode() : Output.JSON.readTree(body));
    } catch (JacksonException e) {
      throw new CliException(
          CliException.FAILURE,
          "Expected JSON, but " + base + " did not answer with JSON: " + e.getOriginalMessage(),
          "check that --admin names the admin port of a Reprise server");
    } catch (IOException e) {
      throw new CliException(
          CliException.UNREACHABLE,
          "no server answers at " + base + " (" + reason(e) + ")",
          "start one with ./reprise dev, or say where it is with --admin URL");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(CliException.FAILURE, "interrupted", "run the command again");
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static CliException refused(HttpResponse<String> response) {
    String message = response.body().isBlank() ? "no reason given" : response.body().strip();
    String code = "";
    try {
      JsonNode json = Output.JSON.readTree(response.body());
      message = json.path("message").asString(message);
      code = json.path("restate_code").asString("");
    } catch (JacksonException e) {
      // The text as it is.
    }
    return new CliException(
        CliException.FAILURE,
        message + " (HTTP " + response.statusCode() + (code.isEmpty() ? "" : ", " + code) + ")",
        nextStep(response.statusCode(), code));
  }

  private static String nextStep(int status, String code) {
    return switch (code) {
      case "META0003" -> "check that the endpoint runs and that the server can reach its address";
      case "META0005" -> "give the service a name that does not begin with 'restate'";
      case "META0006" -> "register with --force if the change of kind is meant";
      case "META0014" -> "serve the endpoint over HTTP/2; it seems to speak HTTP/1.1 only";
      default ->
          status / 100 == 4 ? "correct the command, and run it again" : "see the server's log";
    };
  }
}
