package dev.reprise.sdk.client;

import com.google.protobuf.ByteString;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A way to a server. Futures fail with {@link dev.reprise.sdk.TerminalException} or {@link
 * IngressException}; cancelling one gives up waiting. Safe for use by many threads.
 */
interface Connection {
  /** A value and what it is. */
  record Body(ByteString bytes, String contentType) {}

  /** A promise of a workflow. */
  record PromiseName(String workflow, String key, String name) {}

  /** The same way, with headers for every request. */
  Connection headers(Map<String, String> headers);

  /**
   * @param input null for a handler that takes none
   */
  CompletableFuture<ByteString> call(Target target, @Nullable Body input);

  CompletableFuture<Submission> send(Target target, @Nullable Body input, Duration delay);

  CompletableFuture<ByteString> attach(InvocationRef invocation);

  /** Resolves to nothing when there is no outcome yet. */
  CompletableFuture<Optional<ByteString>> output(InvocationRef invocation);

  CompletableFuture<String> lookup(InvocationRef invocation);

  CompletableFuture<?> resolveAwakeable(String id, @Nullable Body value);

  CompletableFuture<?> rejectAwakeable(String id, String reason);

  CompletableFuture<?> resolvePromise(PromiseName promise, ByteString value);

  CompletableFuture<?> rejectPromise(PromiseName promise, String reason);

  /** Resolves to nothing when nobody has completed it. */
  CompletableFuture<Optional<ByteString>> peekPromise(PromiseName promise);

  CompletableFuture<?> signal(String invocationId, String name, ByteString value);

  CompletableFuture<?> cancel(String invocationId);

  void close();
}
