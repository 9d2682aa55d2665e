package dev.reprise.chaos.rig;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a server's public HTTP API, as curl would. Safe for use by many threads. */
public final class IngressClient {
  static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI base;

  public IngressClient(URI base) {
    this.base = base;
  }

  public URI base() {
    return base;
  }

  /** What came back. Nobody compares two of them. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, byte[] body, String invocationId) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    /** The body of a success. */
    public String expectText() {
      return expect(status / 100 == 2).text();
    }

    /** The body of an accepted send. */
    public JsonNode expectAccepted() {
      return expect(status == 202).json();
    }

    /** The answer itself, if it has that status. */
    public Answer expectStatus(int wanted) {
      return expect(status == wanted);
    }

    private Answer expect(boolean fine) {
      if (!fine) {
        throw new AssertionError("Expected something else, but got " + this);
      }
      return this;
    }

    @Override
    public String toString() {
      String shown = text();
      return status + " " + shown.substring(0, Math.min(shown.length(), 500));
    }
  }

  /** Percent-encodes one segment of a path. */
  public static String segment(String raw) {
    return URLEncoder.encode(raw, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public Request to(String path) {
    return new Request(HttpRequest.newBuilder(URI.create(base + "/" + path)), PATIENCE);
  }

  /** Whatever is known of an invocation's outcome. */
  public Answer output(String invocationId) throws IOException {
    return to("restate/output/" + invocationId).get();
  }

  /** Waits for an invocation's outcome. */
  public Answer attach(String invocationId) throws IOException {
    return to("restate/attach/" + invocationId).get();
  }

  /** One request, made step by step. */
  public record Request(HttpRequest.Builder builder, Duration deadline) {
    public Request idempotencyKey(String key) {
      builder.setHeader("idempotency-key", key);
      return this;
    }

    public Request header(String name, String value) {
      builder.setHeader(name, value);
      return this;
    }

    public Request within(Duration other) {
      return new Request(builder, other);
    }

    /**
     * Gets the answer.
     *
     * @throws ConnectException when the request has certainly not arrived
     * @throws IOException when nobody knows
     */
    public Answer get() throws IOException {
      builder.GET();
      return await(send());
    }

    public Answer patch() throws IOException {
      builder.method("PATCH", BodyPublishers.noBody());
      return await(send());
    }

    public Answer patch(String json) throws IOException {
      builder.setHeader("content-type", "application/json");
      builder.method("PATCH", BodyPublishers.ofString(json));
      return await(send());
    }

    public Answer post() throws IOException {
      return await(postAsync());
    }

    public Answer post(String json) throws IOException {
      return await(postAsync(json));
    }

    public Answer post(byte[] bytes) throws IOException {
      builder.setHeader("content-type", "application/octet-stream");
      builder.POST(BodyPublishers.ofByteArray(bytes));
      return await(send());
    }

    /** Any other method, with a JSON body when there is one. */
    public Answer ask(String method, @Nullable String json) throws IOException {
      if (json == null) {
        builder.method(method, BodyPublishers.noBody());
      } else {
        builder.setHeader("content-type", "application/json");
        builder.method(method, BodyPublishers.ofString(json));
      }
      return await(send());
    }

    public CompletableFuture<Answer> postAsync() {
      builder.POST(BodyPublishers.noBody());
      return send();
    }

    public CompletableFuture<Answer> postAsync(String json) {
      builder.setHeader("content-type", "application/json");
      builder.POST(BodyPublishers.ofString(json));
      return send();
    }

    private CompletableFuture<Answer> send() {
      HttpRequest request = builder.timeout(deadline).build();
      return HTTP.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Request::answer);
    }

    private static Answer answer(HttpResponse<byte[]> response) {
      String id = response.headers().firstValue("x-restate-id").orElse("");
      return new Answer(response.statusCode(), response.body(), id);
    }

    /** The request's own time-out does not cover its body: this one covers all of it. */
    private Answer await(CompletableFuture<Answer> answer) throws IOException {
      try {
        return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        answer.cancel(true);
        throw new IOException("Expected an answer within " + deadline, e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ConnectException refused) {
          throw refused;
        }
        throw new IOException(String.valueOf(e.getCause()), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted", e);
      }
    }
  }
}
