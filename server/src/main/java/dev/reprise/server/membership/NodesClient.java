package dev.reprise.server.membership;

import dev.reprise.api.nodes.v1.BeginRebuildRequest;
import dev.reprise.api.nodes.v1.BeginRebuildResponse;
import dev.reprise.api.nodes.v1.JoinRequest;
import dev.reprise.api.nodes.v1.JoinResponse;
import dev.reprise.api.nodes.v1.NodesGrpc;
import dev.reprise.api.nodes.v1.ProposeRequest;
import dev.reprise.api.nodes.v1.ProposeResponse;
import dev.reprise.api.nodes.v1.RebuildsGrpc;
import dev.reprise.api.nodes.v1.ReportRequest;
import dev.reprise.api.nodes.v1.ReportResponse;
import dev.reprise.api.nodes.v1.SnapshotsGrpc;
import dev.reprise.api.nodes.v1.TakeSnapshotRequest;
import dev.reprise.api.nodes.v1.TakeSnapshotResponse;
import dev.reprise.api.nodes.v1.TransferRequest;
import dev.reprise.api.nodes.v1.TransferResponse;
import dev.reprise.cluster.membership.Address;
import dev.reprise.server.grpc.NodeChannels;
import dev.reprise.server.grpc.NodeTls;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls other nodes about membership. One connection per node, made when it is needed. Any thread;
 * nothing blocks. A call fails with gRPC's {@code StatusRuntimeException}.
 */
final class NodesClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodesClient.class);
  private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SHORT_SECONDS = 5;
  private static final long LONG_SECONDS = 40;

  /** A flush and a checkpoint, on a slow disk. */
  private static final long SNAPSHOT_SECONDS = 300;

  private static final int ENTRY_BYTES = 68 << 20;

  private final NodeTls tls;
  private final Map<Address, ManagedChannel> channels = new ConcurrentHashMap<>();
  private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - BETWEEN_NANOS);
  private volatile boolean closed;

  NodesClient(NodeTls tls) {
    this.tls = tls;
  }

  CompletableFuture<JoinResponse> join(Address at, JoinRequest request) {
    return call(at, answer -> stub(at, LONG_SECONDS).join(request, answer));
  }

  CompletableFuture<ProposeResponse> propose(Address at, ProposeRequest request) {
    return call(at, answer -> stub(at, SHORT_SECONDS).propose(request, answer));
  }

  CompletableFuture<ReportResponse> report(Address at, ReportRequest request) {
    return call(at, answer -> stub(at, SHORT_SECONDS).report(request, answer));
  }

  CompletableFuture<TransferResponse> transfer(Address at, TransferRequest request) {
    return call(at, answer -> stub(at, SHORT_SECONDS).transfer(request, answer));
  }

  CompletableFuture<BeginRebuildResponse> beginRebuild(Address at, BeginRebuildRequest request) {
    return call(
        at,
        answer ->
            RebuildsGrpc.newStub(channel(at))
                .withDeadlineAfter(LONG_SECONDS, TimeUnit.SECONDS)
                .begin(request, answer));
  }

  CompletableFuture<TakeSnapshotResponse> take(Address at, TakeSnapshotRequest request) {
    return call(
        at,
        answer ->
            SnapshotsGrpc.newStub(channel(at))
                .withDeadlineAfter(SNAPSHOT_SECONDS, TimeUnit.SECONDS)
                .take(request, answer));
  }

  private NodesGrpc.NodesStub stub(Address at, long seconds) {
    return NodesGrpc.newStub(channel(at)).withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  private ManagedChannel channel(Address at) {
    ManagedChannel channel =
        channels.computeIfAbsent(
            at,
            it -> NodeChannels.to(it.toString(), tls).maxInboundMessageSize(ENTRY_BYTES).build());
    if (closed) {
      channel.shutdownNow();
    }
    return channel;
  }

  private <T> CompletableFuture<T> call(Address at, Consumer<StreamObserver<T>> begin) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    begin.accept(
        new Single<>(
            (value, problem) -> {
              warn(at, problem);
              complete(answer, value, problem);
            }));
    return answer;
  }

  /** Certificates do not mend themselves: somebody has to be told. */
  private void warn(Address at, @Nullable Throwable problem) {
    String why = problem == null ? null : NodeTls.problem(problem);
    long last = warnedAt.get();
    long now = System.nanoTime();
    if (why != null && now - last >= BETWEEN_NANOS && warnedAt.compareAndSet(last, now)) {
      LOG.warn("Expected {} and this node to believe each other's certificates, but: {}", at, why);
    }
  }

  private static <T> void complete(
      CompletableFuture<T> answer, @Nullable T value, @Nullable Throwable problem) {
    if (value != null) {
      answer.complete(value);
    } else {
      answer.completeExceptionally(
          problem == null
              ? new IllegalStateException("Expected an answer, but got none")
              : problem);
    }
  }

  /** Takes the one answer of a call. */
  private record Single<T>(BiConsumer<@Nullable T, @Nullable Throwable> taken)
      implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      taken.accept(value, null);
    }

    @Override
    public void onError(Throwable problem) {
      taken.accept(null, problem);
    }

    @Override
    public void onCompleted() {
      taken.accept(null, null);
    }
  }

  @Override
  public void close() {
    closed = true;
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
