package dev.reprise.server.grpc;

import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the messages of a door that have come in part, all connections together: the call that
 * brings more is refused. One message is bounded by the door itself. Any thread.
 */
final class Arriving extends ServerStreamTracer.Factory implements ServerInterceptor {
  private static final Context.Key<Message> MESSAGE = Context.key("arriving");

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  Arriving(long limitBytes) {
    this.limit = limitBytes;
  }

  /** Bytes held now. */
  long held() {
    return held.get();
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Message();
  }

  /** Nothing of a message is read before the call is started, so that it can always be refused. */
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Message message = MESSAGE.get();
    if (message != null) {
      message.belongsTo(call);
    }
    return next.startCall(call, headers);
  }

  private StatusRuntimeException refusal() {
    return GrpcErrors.refused(
        new Refused(
            Reason.TOO_MANY_REQUESTS,
            "Expected room for this message, but messages of "
                + limit
                + " bytes are being received; try again"));
  }

  /** The message of one call that is arriving. */
  private final class Message extends ServerStreamTracer {
    private @Nullable ServerCall<?, ?> call;
    private long counted;
    private boolean refused;

    @Override
    public Context filterContext(Context context) {
      return context.withValue(MESSAGE, this);
    }

    synchronized void belongsTo(ServerCall<?, ?> other) {
      call = other;
    }

    @Override
    public void inboundWireSize(long bytes) {
      if (!admit(bytes)) {
        refuse();
      }
    }

    private synchronized boolean admit(long bytes) {
      if (refused) {
        return true;
      }
      counted += bytes;
      refused = held.addAndGet(bytes) > limit;
      return !refused;
    }

    /** Its handler has not been given anything yet, and does not speak to the call. */
    private void refuse() {
      ServerCall<?, ?> refusedCall;
      synchronized (this) {
        refusedCall = call;
      }
      whole();
      if (refusedCall != null) {
        StatusRuntimeException why = refusal();
        Metadata details = why.getTrailers();
        refusedCall.close(why.getStatus(), details == null ? new Metadata() : details);
      }
    }

    @Override
    public void inboundMessageRead(int number, long wireBytes, long bytes) {
      whole();
    }

    @Override
    public void streamClosed(io.grpc.Status status) {
      whole();
    }

    /** All of it has come, or nothing more will. */
    private synchronized void whole() {
      held.addAndGet(-counted);
      counted = 0;
    }
  }
}
