package dev.reprise.server.internode;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.checkpoint.v1.CheckpointsGrpc;
import dev.reprise.api.checkpoint.v1.HashAtRequest;
import dev.reprise.api.checkpoint.v1.HashAtResponse;
import dev.reprise.api.checkpoint.v1.Manifest;
import dev.reprise.api.checkpoint.v1.OpenRequest;
import dev.reprise.api.checkpoint.v1.Part;
import dev.reprise.api.checkpoint.v1.Piece;
import dev.reprise.api.checkpoint.v1.ReadRequest;
import dev.reprise.api.checkpoint.v1.RefuseRequest;
import dev.reprise.api.checkpoint.v1.RefuseResponse;
import dev.reprise.cluster.checkpoint.CheckpointException;
import dev.reprise.cluster.checkpoint.LocalCheckpoints;
import dev.reprise.cluster.log.LogId;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Gives this node's checkpoints to other nodes. Works on two threads of its own, as it blocks on
 * disk; more requests than a few hundred at a time are told to come again.
 */
public final class CheckpointService extends CheckpointsGrpc.CheckpointsImplBase
    implements AutoCloseable {
  /** The largest piece. */
  static final int PIECE_BYTES = 1 << 20;

  private static final int THREADS = 2;
  private static final int WAITING = 256;
  private static final int PATIENCE_SECONDS = 10;

  private final String node;
  private final LocalCheckpoints checkpoints;
  private final Supplier<String> fingerprint;
  private final ExecutorService executor;

  /**
   * @param node this node's name, for people
   * @param fingerprint of this node's cluster
   */
  public CheckpointService(
      String node, LocalCheckpoints checkpoints, Supplier<String> fingerprint) {
    this.node = node;
    this.checkpoints = checkpoints;
    this.fingerprint = fingerprint;
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            PATIENCE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("checkpoints-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    this.executor = threads;
  }

  @Override
  public void open(OpenRequest request, StreamObserver<Manifest> observer) {
    answer(
        request.getClusterFingerprint(),
        observer,
        () -> message(checkpoints.manifest(new LogId(request.getLog()), request.getAtLeast())));
  }

  @Override
  public void read(ReadRequest request, StreamObserver<Piece> observer) {
    answer(request.getClusterFingerprint(), observer, () -> piece(request));
  }

  @Override
  public void refuse(RefuseRequest request, StreamObserver<RefuseResponse> observer) {
    answer(
        request.getClusterFingerprint(),
        observer,
        () -> {
          checkpoints.refuse(new LogId(request.getLog()), request.getNumber());
          return RefuseResponse.getDefaultInstance();
        });
  }

  @Override
  public void hashAt(HashAtRequest request, StreamObserver<HashAtResponse> observer) {
    answer(request.getClusterFingerprint(), observer, () -> hashAt(request));
  }

  private HashAtResponse hashAt(HashAtRequest request) {
    Long hash =
        checkpoints.hashAt(new LogId(request.getLog()), request.getIndex(), request.getMine());
    HashAtResponse.Builder response = HashAtResponse.newBuilder();
    if (hash != null) {
      response.setHash(hash);
    }
    return response.build();
  }

  private Piece piece(ReadRequest request) {
    int length = request.getLength();
    if (length <= 0 || length > PIECE_BYTES || request.getOffset() < 0) {
      throw new IllegalArgumentException(
          "Expected a length of 1 to " + PIECE_BYTES + ", but got " + length);
    }
    byte[] bytes =
        checkpoints.read(
            new LogId(request.getLog()),
            request.getNumber(),
            request.getPart(),
            request.getOffset(),
            length);
    ByteString unchanged = UnsafeByteOperations.unsafeWrap(bytes);
    return Piece.newBuilder().setBytes(unchanged).setChecksum(checksum(bytes)).build();
  }

  private Manifest message(dev.reprise.cluster.checkpoint.Manifest made) {
    Manifest.Builder manifest =
        Manifest.newBuilder().setNumber(made.number()).setIndex(made.index()).setNode(node);
    for (dev.reprise.cluster.checkpoint.Manifest.Part part : made.parts()) {
      manifest.addParts(
          Part.newBuilder().setName(part.name()).setSize(part.size()).setChecksum(part.checksum()));
    }
    return manifest.build();
  }

  private <T> void answer(String asking, StreamObserver<T> observer, Supplier<T> work) {
    if (!asking.equals(fingerprint.get())) {
      observer.onError(
          Status.FAILED_PRECONDITION
              .withDescription("Expected a node of this cluster, but another one asked")
              .asRuntimeException());
      return;
    }
    try {
      executor.execute(() -> run(observer, work));
    } catch (RejectedExecutionException full) {
      observer.onError(
          Status.UNAVAILABLE
              .withDescription(node + " gives as many checkpoints as it can")
              .asRuntimeException());
    }
  }

  private <T> void run(StreamObserver<T> observer, Supplier<T> work) {
    T answer;
    try {
      answer = work.get();
    } catch (CheckpointException e) {
      observer.onError(
          Status.UNAVAILABLE.withDescription(e.getMessage()).withCause(e).asRuntimeException());
      return;
    } catch (IllegalArgumentException e) {
      observer.onError(
          Status.INVALID_ARGUMENT
              .withDescription(e.getMessage())
              .withCause(e)
              .asRuntimeException());
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
