package dev.reprise.sdk.client;

import com.google.protobuf.ByteString;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Output;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.Serde;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.client.Connection.Body;
import dev.reprise.sdk.client.Connection.PromiseName;
import dev.reprise.sdk.runtime.Codec;
import dev.reprise.sdk.runtime.InterfaceCalls;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Calls services from outside of handlers, through a server's ingress:
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
  private final Connection connection;
  private final Map<String, String> headers;
  private final Codec codec;

  private IngressClient(Connection connection, Map<String, String> headers, Codec codec) {
    this.connection = connection;
    this.headers = headers;
    this.codec = codec;
  }

  /**
   * @param ingress where the server listens for HTTP, such as {@code http://localhost:8080}
   */
  public static IngressClient connect(URI ingress) {
    return new IngressClient(HttpConnection.to(ingress), Map.of(), new Codec(Serde.json()));
  }

  /**
   * To a server of ours; it knows promises and signals too. Needs a transport of gRPC in the class
   * path, such as {@code io.grpc:grpc-netty-shaded}.
   *
   * @param address where the server listens for gRPC, such as {@code localhost:9071}
   * @throws IllegalStateException when there is no transport
   */
  public static IngressClient connectGrpc(String address) {
    return new IngressClient(GrpcConnection.to(address), Map.of(), new Codec(Serde.json()));
  }

  /** How values become bytes; JSON by default. It shares the connections, and closes them. */
  public IngressClient serde(Serde serde) {
    return new IngressClient(connection, headers, new Codec(serde));
  }

  /** A header of every request. It shares the connections, and closes them. */
  public IngressClient header(String name, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new IngressClient(connection.headers(all), all, codec);
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
    return connection.call(target, body(input)).thenApply(value -> decode(value, type));
  }

  /** Returns when the server has accepted it; also how a workflow is submitted. */
  public Submission send(Target target, @Nullable Object input) {
    return send(target, input, Duration.ZERO);
  }

  /** Starts it after the delay. */
  public Submission send(Target target, @Nullable Object input, Duration delay) {
    return await(connection.send(target, body(input), delay));
  }

  // ---- outcomes ----

  /** Waits for an invocation's outcome; of one that does not exist it is a failure with 404. */
  public <T> T attach(InvocationRef invocation, Class<T> type) {
    return await(attachAsync(invocation, TypeRef.of(type)));
  }

  public <T> CompletableFuture<T> attachAsync(InvocationRef invocation, TypeRef<T> type) {
    return connection.attach(invocation).thenApply(value -> decode(value, type.type()));
  }

  public <T> Output<T> output(InvocationRef invocation, Class<T> type) {
    return output(invocation, TypeRef.of(type));
  }

  /** An invocation's outcome if it has ended; does not wait for it. */
  public <T> Output<T> output(InvocationRef invocation, TypeRef<T> type) {
    return await(connection.output(invocation))
        .map(value -> Output.of(this.<T>decode(value, type.type())))
        .orElseGet(Output::notReady);
  }

  /** The id of an invocation, whether it exists or not; only over HTTP. */
  public String lookup(InvocationRef invocation) {
    return await(connection.lookup(invocation));
  }

  // ---- awakeables ----

  /** The first completion counts; the server does not say whether it was this one. */
  public void resolveAwakeable(String id, @Nullable Object value) {
    done(connection.resolveAwakeable(id, body(value)));
  }

  /** As {@link #resolveAwakeable}; whoever waits gets a failure with code 500. */
  public void rejectAwakeable(String id, String reason) {
    done(connection.rejectAwakeable(id, reason));
  }

  // ---- promises, signals; only over gRPC ----

  /**
   * Completes a promise of a workflow; one that was completed before is refused with 409.
   *
   * @throws UnsupportedOperationException over HTTP, as the others of this kind
   */
  public <T> void resolvePromise(String workflow, String key, PromiseKey<T> promise, T value) {
    done(connection.resolvePromise(named(workflow, key, promise), codec.encodeInput(value)));
  }

  /** As {@link #resolvePromise}; whoever waits gets a failure with code 500. */
  public void rejectPromise(String workflow, String key, PromiseKey<?> promise, String reason) {
    done(connection.rejectPromise(named(workflow, key, promise), reason));
  }

  /** A promise's value, or nothing when nobody has completed it. */
  public <T> Optional<T> peekPromise(String workflow, String key, PromiseKey<T> promise) {
    return await(connection.peekPromise(named(workflow, key, promise)))
        .map(value -> decode(value, promise.type().type()));
  }

  private static PromiseName named(String workflow, String key, PromiseKey<?> promise) {
    return new PromiseName(workflow, key, promise.name());
  }

  /** Sends an invocation a value that it may wait for by this name. */
  public void signal(String invocationId, String name, @Nullable Object value) {
    done(connection.signal(invocationId, name, codec.encodeInput(value)));
  }

  /** Asks an invocation to stop. */
  public void cancel(String invocationId) {
    done(connection.cancel(invocationId));
  }

  // ---- one exchange ----

  private @Nullable Body body(@Nullable Object value) {
    return value == null
        ? null
        : new Body(codec.encode(value), codec.contentType(value.getClass()));
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // As of the serde: the caller knows.
  private <T> T decode(ByteString body, Type type) {
    return codec.decodeAs(body, type);
  }

  private static void done(CompletableFuture<?> answer) {
    Object ignored = await(answer);
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
    connection.close();
  }
}
