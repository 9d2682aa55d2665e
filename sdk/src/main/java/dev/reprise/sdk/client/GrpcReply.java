package dev.reprise.sdk.client;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one answer of a call.
 *
 * @param <Q> of the request
 * @param <A> of the answer
 */
final class GrpcReply<Q, A> implements ClientResponseObserver<Q, A> {
  private final CompletableFuture<A> answer = new Cancelling<>(this);
  private volatile @Nullable ClientCallStreamObserver<Q> call;

  /** Whoever cancels it, or what was made of it, gives up waiting. */
  CompletableFuture<A> answer() {
    return answer;
  }

  private void cancel() {
    ClientCallStreamObserver<Q> running = call;
    if (running != null) {
      running.cancel("nobody waits any more", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> started) {
    call = started;
  }

  @Override
  public void onNext(A value) {
    answer.complete(value);
  }

  @Override
  public void onError(Throwable failure) {
    answer.completeExceptionally(GrpcAnswers.failure(failure));
  }

  @Override
  public void onCompleted() {
    // After onNext this changes nothing.
    answer.completeExceptionally(
        new IngressException(IngressException.NONE, "Expected an answer, but got none", null));
  }

  /** A future that tells the server when it is cancelled; what is made of it does so too. */
  private static final class Cancelling<T> extends CompletableFuture<T> {
    private final GrpcReply<?, ?> reply;

    Cancelling(GrpcReply<?, ?> reply) {
      this.reply = reply;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
      return new Cancelling<>(reply);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      if (cancelled) {
        reply.cancel();
      }
      return cancelled;
    }
  }
}
