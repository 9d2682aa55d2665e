package dev.reprise.server.internode;

import dev.reprise.api.MessageFraming;
import dev.reprise.api.internode.v1.InternodeGrpc;
import dev.reprise.api.internode.v1.Questions;
import dev.reprise.api.internode.v1.Replies;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.partition.Loop;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Other nodes ask the partitions that this one leads. Its calls only hand over to loops, and never
 * block. Any thread.
 */
public final class InternodeService extends InternodeGrpc.InternodeImplBase
    implements AutoCloseable {
  /** What the port must take at once: the largest command, and a batch of others before it. */
  public static final int MESSAGE_BYTES = 2 * MessageFraming.FRAME_LIMIT + (2 << 20);

  private final Membership membership;
  private final IntFunction<? extends Loop> loops;
  private final InternodeLimits limits;
  private final Set<AskedStream> streams = ConcurrentHashMap.newKeySet();
  private volatile @Nullable PartitionRouter router;

  /**
   * Turns everybody away, until it {@link #serve}s.
   *
   * @param loops the loop of each partition
   */
  public InternodeService(
      Membership membership, IntFunction<? extends Loop> loops, InternodeLimits limits) {
    this.membership = membership;
    this.loops = loops;
    this.limits = limits;
  }

  /** From now on questions go to this router. */
  public void serve(PartitionRouter opened) {
    router = opened;
  }

  @Override
  public StreamObserver<Questions> ask(StreamObserver<Replies> replies) {
    PartitionRouter open = router;
    if (open == null) {
      replies.onError(
          Status.UNAVAILABLE.withDescription("this node does not serve").asRuntimeException());
      return new Deaf();
    }
    AskedStream stream =
        new AskedStream(
            (ServerCallStreamObserver<Replies>) replies,
            open,
            membership,
            loops,
            limits,
            streams::remove);
    streams.add(stream);
    return stream;
  }

  /** Of a stream that is refused. */
  private static final class Deaf implements StreamObserver<Questions> {
    @Override
    public void onNext(Questions message) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  /** Cuts all streams: whoever asked looks elsewhere. */
  @Override
  public void close() {
    router = null;
    List.copyOf(streams)
        .forEach(it -> it.refuse(Status.UNAVAILABLE.withDescription("this node is being stopped")));
  }
}
