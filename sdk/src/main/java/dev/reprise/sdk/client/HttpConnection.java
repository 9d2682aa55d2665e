package dev.reprise.sdk.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.MessageFraming;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Target;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Over HTTP/1.1, which knows neither promises nor signals. */
record HttpConnection(HttpClient http, Requests requests) implements Connection {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  static HttpConnection to(URI ingress) {
    String address = ingress.toString().replaceAll("/+$", "");
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    return new HttpConnection(http, new Requests(address, Map.of()));
  }

  @Override
  public Connection headers(Map<String, String> headers) {
    return new HttpConnection(http, new Requests(requests.ingress(), headers));
  }

  @Override
  public CompletableFuture<ByteString> call(Target target, @Nullable Body input) {
    return ask(requests.call(target, input), HttpConnection::body);
  }

  @Override
  public CompletableFuture<Submission> send(Target target, @Nullable Body input, Duration delay) {
    return ask(requests.send(target, input, delay), Answers::submission);
  }

  @Override
  public CompletableFuture<ByteString> attach(InvocationRef invocation) {
    return ask(requests.about("attach", invocation), HttpConnection::body);
  }

  @Override
  public CompletableFuture<Optional<ByteString>> output(InvocationRef invocation) {
    return ask(
        requests.about("output", invocation),
        answer -> Answers.isNotReady(answer) ? Optional.empty() : Optional.of(body(answer)));
  }

  @Override
  public CompletableFuture<String> lookup(InvocationRef invocation) {
    return ask(requests.about("lookup", invocation), Answers::invocationId);
  }

  @Override
  public CompletableFuture<?> resolveAwakeable(String id, @Nullable Body value) {
    return ask(requests.awakeable("resolve", id, value), HttpConnection::body);
  }

  @Override
  public CompletableFuture<?> rejectAwakeable(String id, String reason) {
    var body = new Body(ByteString.copyFromUtf8(reason), "text/plain");
    return ask(requests.awakeable("reject", id, body), HttpConnection::body);
  }

  @Override
  public CompletableFuture<?> resolvePromise(PromiseName promise, ByteString value) {
    throw onlyGrpc("promises");
  }

  @Override
  public CompletableFuture<?> rejectPromise(PromiseName promise, String reason) {
    throw onlyGrpc("promises");
  }

  @Override
  public CompletableFuture<Optional<ByteString>> peekPromise(PromiseName promise) {
    throw onlyGrpc("promises");
  }

  @Override
  public CompletableFuture<?> signal(String invocationId, String name, ByteString value) {
    throw onlyGrpc("signals");
  }

  @Override
  public CompletableFuture<?> cancel(String invocationId) {
    throw onlyGrpc("cancelling");
  }

  private static UnsupportedOperationException onlyGrpc(String what) {
    return new UnsupportedOperationException(
        "Expected a client of connectGrpc for %s, but this one speaks HTTP".formatted(what));
  }

  private static ByteString body(HttpResponse<byte[]> answer) {
    return UnsafeByteOperations.unsafeWrap(Answers.success(answer));
  }

  private <T> CompletableFuture<T> ask(
      HttpRequest request, Function<HttpResponse<byte[]>, T> meaning) {
    return http.sendAsync(request, info -> new BoundedBody(MessageFraming.FRAME_LIMIT))
        .handle(
            (answer, failure) -> {
              if (failure != null) {
                throw new IngressException(
                    IngressException.NONE,
                    "Expected an answer of %s, but %s".formatted(request.uri(), failure),
                    failure);
              }
              return meaning.apply(answer);
            });
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
