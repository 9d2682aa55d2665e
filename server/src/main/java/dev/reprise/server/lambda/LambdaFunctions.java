package dev.reprise.server.lambda;

import dev.reprise.server.endpoint.EndpointAddress;
import dev.reprise.server.endpoint.EndpointRequest;
import dev.reprise.server.endpoint.Functions;
import dev.reprise.server.endpoint.ResponseHead;
import dev.reprise.storage.model.Bytes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls functions on AWS Lambda, each on a virtual thread of its own: most of them wait. Any
 * thread. Beyond the bound on calls a call is refused as a busy endpoint would refuse it.
 */
public final class LambdaFunctions implements Functions, AutoCloseable {
  private static final int BUSY = 429;

  private final LambdaEnvelope envelope;
  private final Semaphore room;
  private final Supplier<Invoking> made;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("function-", 0).factory());
  private @Nullable Invoking invoking;

  /** The AWS SDK is loaded with the first call. */
  public LambdaFunctions(LambdaOptions options) {
    this(options, () -> new AwsInvoking(options));
  }

  LambdaFunctions(LambdaOptions options, Supplier<Invoking> made) {
    this.envelope = new LambdaEnvelope(options.compressFrom());
    this.room = new Semaphore(options.calls());
    this.made = made;
  }

  @Override
  public CompletableFuture<Answer> call(EndpointRequest request, Bytes body) {
    if (!(request.address() instanceof EndpointAddress.Function function)) {
      throw new IllegalArgumentException("Expected a function, but got " + request.address());
    }
    if (!room.tryAcquire()) {
      return CompletableFuture.completedFuture(refused(BUSY));
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            answer.complete(callNow(function, request, body));
          } catch (FunctionException | RuntimeException e) {
            answer.completeExceptionally(e);
          } finally {
            room.release();
          }
        });
    return answer;
  }

  private Answer callNow(EndpointAddress.Function function, EndpointRequest request, Bytes body)
      throws FunctionException {
    byte[] payload = envelope.wrap(request, body.toArray(), function.zstd());
    return switch (invoking().invoke(function, payload)) {
      case Invoking.Reply.Payload it -> envelope.unwrap(it.bytes().toArray());
      case Invoking.Reply.Refused it -> refused(it.status());
    };
  }

  private static Answer refused(int status) {
    return new Answer(new ResponseHead(status, null, null, null), Bytes.EMPTY);
  }

  private synchronized Invoking invoking() {
    if (invoking == null) {
      invoking = made.get();
    }
    return invoking;
  }

  /** Calls under way are given up. */
  @Override
  public void close() {
    threads.shutdownNow();
    synchronized (this) {
      if (invoking != null) {
        invoking.close();
      }
    }
  }
}
