package dev.reprise.sdk.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.MessageFraming;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Output;
import dev.reprise.sdk.Serde;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.runtime.Codec;
import dev.reprise.sdk.runtime.InterfaceCalls;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls services from outside of handlers, through a server's HTTP ingress:
 *
 * <pre>{@code
 * try (var client = IngressClient.connect(URI.create("http://localhost:8080"))) {
 *   String hello = client.client(Greeter.class, "Ada").greet();
 * }
 * }</pre>
 *
 * Calls wait as long as it takes; interrupting the waiting thread gives up waiting, the invocation
 * goes on. Nothing is repeated: whoever got no answer asks again with the same idempotency key.
 *
 * <p>Methods throw {@link TerminalException} when the invocation failed, and {@link
 * IngressException} when the server did not take the request or no answer arrived. Safe for use by
 * many threads.
 */
public final class IngressClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HttpClient http;
  private final Requests requests;
  private final Codec codec;

  private IngressClient(HttpClient http, Requests requests, Codec codec) {
    this.http = http;
    this.requests = requests;
    this.codec = codec;
  }

  /**
   * @param ingress where the server listens, such as {@code http://localhost:8080}
   */
  public static IngressClient connect(URI ingress) {
    String address = ingress.toString().replaceAll("/+$", "");
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    return new IngressClient(http, new Requests(address, Map.of()), new Codec(Serde.json()));
  }

  /** How values become bytes; JSON by default. It shares the connections, and closes them. */
  public IngressClient serde(Serde serde) {
    return new IngressClient(http, requests, new Codec(serde));
  }

  /** A header of every request. It shares the connections, and closes them. */
  public IngressClient header(String name, String value) {
    var headers = new LinkedHashMap<>(requests.headers());
    headers.put(name, value);
    return new IngressClient(http, new Requests(requests.ingress(), headers), codec);
  }

  // ---- through an interface ----

  /** A service: each method calls and waits for the answer. */
  public <S> S client(Class<S> service) {
    return client(service, "");
  }

  /** An object or workflow: each method calls and waits for the answer. */
  public <S> S client(Class<S> object, String key) {
    InterfaceCalls<S> calls = InterfaceCalls.of(object);
    Target target = Target.object(calls.service(), key, "");
    return calls.proxy(
        recorded ->
            IngressClient.<Object>await(
                call(target.handler(recorded.handler()), recorded.input(), recorded.outputType())));
  }

  /** A service, for calls that need more than an answer. */
  public <S> RemoteService<S> remote(Class<S> service) {
    return remote(service, "");
  }

  public <S> RemoteService<S> remote(Class<S> object, String key) {
    InterfaceCalls<S> calls = InterfaceCalls.of(object);
    return new RemoteService<>(this, calls, Target.object(calls.service(), key, ""));
  }

  // ---- by name ----

  public <T> T call(Target target, @Nullable Object input, Class<T> type) {
    return await(callAsync(target, input, TypeRef.of(type)));
  }

  /**
   * @param input null for a handler that takes none
   */
  public <T> CompletableFuture<T> callAsync(
      Target target, @Nullable Object input, TypeRef<T> type) {
    return call(target, input, type.type());
  }

  <T> CompletableFuture<T> call(Target target, @Nullable Object input, Type type) {
    return ask(requests.call(target, body(input)), answer -> decode(Answers.success(answer), type));
  }

  /** Returns when the server has accepted it; also how a workflow is submitted. */
  public Submission send(Target target, @Nullable Object input) {
    return send(target, input, Duration.ZERO);
  }

  /** Starts it after the delay. */
  public Submission send(Target target, @Nullable Object input, Duration delay) {
    return await(ask(requests.send(target, body(input), delay), Answers::submission));
  }

  // ---- outcomes ----

  /** Waits for an invocation's outcome; of one that does not exist it is a failure with 404. */
  public <T> T attach(InvocationRef invocation, Class<T> type) {
    return await(attachAsync(invocation, TypeRef.of(type)));
  }

  public <T> CompletableFuture<T> attachAsync(InvocationRef invocation, TypeRef<T> type) {
    return ask(
        requests.about("attach", invocation),
        answer -> decode(Answers.success(answer), type.type()));
  }

  public <T> Output<T> output(InvocationRef invocation, Class<T> type) {
    return output(invocation, TypeRef.of(type));
  }

  /** An invocation's outcome if it has ended; does not wait for it. */
  public <T> Output<T> output(InvocationRef invocation, TypeRef<T> type) {
    return await(
        ask(
            requests.about("output", invocation),
            answer ->
                Answers.isNotReady(answer)
                    ? Output.notReady()
                    : Output.of(this.<T>decode(Answers.success(answer), type.type()))));
  }

  /** The id of an invocation, whether it exists or not. */
  public String lookup(InvocationRef invocation) {
    return await(ask(requests.about("lookup", invocation), Answers::invocationId));
  }

  // ---- awakeables ----

  /** The first completion counts; the server does not say whether it was this one. */
  public void resolveAwakeable(String id, @Nullable Object value) {
    byte[] done = await(ask(requests.awakeable("resolve", id, body(value)), Answers::success));
    assert done != null;
  }

  /** As {@link #resolveAwakeable}; whoever waits gets a failure with code 500. */
  public void rejectAwakeable(String id, String reason) {
    var body = new Requests.Body(ByteString.copyFromUtf8(reason), "text/plain");
    byte[] done = await(ask(requests.awakeable("reject", id, body), Answers::success));
    assert done != null;
  }

  // ---- one exchange ----

  private Requests.@Nullable Body body(@Nullable Object value) {
    return value == null
        ? null
        : new Requests.Body(codec.encode(value), codec.contentType(value.getClass()));
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // As of the serde: the caller knows.
  private <T> T decode(byte[] body, Type type) {
    return codec.decodeAs(UnsafeByteOperations.unsafeWrap(body), type);
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

  /** Waits, and throws what the exchange threw. */
  static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IngressException(
          IngressException.NONE, "Expected to wait for the answer, but was interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof CompletionException it ? it.getCause() : e.getCause();
      throw cause instanceof RuntimeException known
          ? known
          : new IngressException(IngressException.NONE, String.valueOf(cause), cause);
    }
  }

  /** Closes the connections; answers that are still awaited do not arrive. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
