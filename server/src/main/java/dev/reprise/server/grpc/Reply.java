package dev.reprise.server.grpc;

import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Loop.Cancellable;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Waiting;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of the gRPC door that waits for the partitions' answer. When its client cancels or its
 * deadline passes, the waiting is taken back; what was asked for goes on. Any thread.
 */
final class Reply<T> implements Consumer<Answer> {
  private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

  private final ServerCallStreamObserver<T> call;
  private final Waiting waiting;
  private final Function<Answer, T> answer;

  private @Nullable Cancellable waits;
  private boolean over;
  private boolean gone;

  /**
   * Waits from now on.
   *
   * @param answer what is said; throws {@link Refused} or a {@link StatusRuntimeException}
   */
  Reply(StreamObserver<T> call, Waiting waiting, Function<Answer, T> answer) {
    this.call = (ServerCallStreamObserver<T>) call;
    this.waiting = waiting;
    this.answer = answer;
    waiting.entered();
    this.call.setOnCancelHandler(this::left);
  }

  /** Names what is taken back when the client leaves. */
  void waits(Cancellable cancellable) {
    boolean late;
    synchronized (this) {
      late = gone;
      waits = over ? null : cancellable;
    }
    if (late) {
      cancellable.cancel();
    }
  }

  @Override
  public void accept(Answer given) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      waits = null;
    }
    waiting.left();
    try {
      call.onNext(answer.apply(given));
      call.onCompleted();
    } catch (Refused e) {
      call.onError(GrpcErrors.refused(e));
    } catch (StatusRuntimeException e) {
      call.onError(e);
    } catch (RuntimeException e) {
      LOG.error("answering a call failed", e);
      call.onError(e);
    }
  }

  private void left() {
    Cancellable taken;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      gone = true;
      taken = waits;
      waits = null;
    }
    waiting.left();
    if (taken != null) {
      taken.cancel();
    }
  }
}
