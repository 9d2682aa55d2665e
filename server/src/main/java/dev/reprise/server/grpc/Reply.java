package dev.reprise.server.grpc;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Loop.Cancellable;
import dev.reprise.server.ingress.Afresh;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Requests;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of the gRPC door that waits for the partitions' answer. When its client cancels or its
 * deadline passes, the waiting is taken back; what was asked for goes on. An outcome whose handler
 * this node does not know is told once the node has caught up; until then the call is one that
 * waits. Any thread.
 */
final class Reply<T> implements Consumer<Answer> {
  private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

  private final ServerCallStreamObserver<T> call;
  private final Requests requests;
  private final Registry registry;
  private final BiFunction<Answer, Registry, T> answer;

  private @Nullable Cancellable waits;
  private boolean over;
  private boolean gone;

  /**
   * Waits from now on.
   *
   * @param registry as the call found it: what it named may be gone when it is answered
   * @param answer what is said; throws {@link Refused} or a {@link StatusRuntimeException}
   */
  Reply(
      StreamObserver<T> call,
      Requests requests,
      Registry registry,
      BiFunction<Answer, Registry, T> answer) {
    this.call = (ServerCallStreamObserver<T>) call;
    this.requests = requests;
    this.registry = registry;
    this.answer = answer;
    requests.waiting().entered();
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
    say(given, registry, false);
  }

  private void sayOnceCaughtUp(Answer given) {
    var unused =
        requests
            .afresh()
            .caughtUp()
            .whenComplete(
                (done, problem) -> {
                  if (problem == null) {
                    say(given, requests.registry(), true);
                  } else {
                    fail(GrpcErrors.refused(Afresh.refusal(problem)));
                  }
                });
  }

  private void say(Answer given, Registry known, boolean last) {
    T said;
    try {
      said = answer.apply(given, known);
    } catch (Refused e) {
      if (!last && requests.afresh().mayHelp(e)) {
        sayOnceCaughtUp(given);
      } else {
        fail(GrpcErrors.refused(e));
      }
      return;
    } catch (StatusRuntimeException e) {
      fail(e);
      return;
    } catch (RuntimeException e) {
      LOG.error("answering a call failed", e);
      fail(e);
      return;
    }
    requests.waiting().left();
    call.onNext(said);
    call.onCompleted();
  }

  private void fail(RuntimeException problem) {
    requests.waiting().left();
    call.onError(problem);
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
    requests.waiting().left();
    if (taken != null) {
      taken.cancel();
    }
  }
}
