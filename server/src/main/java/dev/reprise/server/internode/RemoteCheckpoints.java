package dev.reprise.server.internode;

import dev.reprise.api.checkpoint.v1.CheckpointsGrpc;
import dev.reprise.api.checkpoint.v1.HashAtRequest;
import dev.reprise.api.checkpoint.v1.HashAtResponse;
import dev.reprise.api.checkpoint.v1.Manifest;
import dev.reprise.api.checkpoint.v1.OpenRequest;
import dev.reprise.api.checkpoint.v1.Part;
import dev.reprise.api.checkpoint.v1.Piece;
import dev.reprise.api.checkpoint.v1.ReadRequest;
import dev.reprise.api.checkpoint.v1.RefuseRequest;
import dev.reprise.cluster.checkpoint.Checkpoint;
import dev.reprise.cluster.checkpoint.CheckpointException;
import dev.reprise.cluster.checkpoint.CheckpointSource;
import dev.reprise.cluster.log.LogId;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints of another node. Any thread; blocks. */
public final class RemoteCheckpoints implements CheckpointSource {
  private static final Logger logger = LoggerFactory.getLogger(RemoteCheckpoints.class);

  /** A hundred thousand files fit. */
  private static final int MANIFEST_BYTES = 16 << 20;

  /** Making one may mean to write what was not flushed, and to read all of it for checksums. */
  private static final long OPEN_SECONDS = 600;

  private static final long READ_SECONDS = 30;
  private static final long HASH_SECONDS = 5;

  private final CheckpointsGrpc.CheckpointsBlockingStub stub;
  private final String fingerprint;

  /**
   * @param channel to the other node's node-to-node port; closed by whoever opened it
   * @param fingerprint of the cluster
   */
  public RemoteCheckpoints(Channel channel, String fingerprint) {
    this.stub = CheckpointsGrpc.newBlockingStub(channel).withMaxInboundMessageSize(MANIFEST_BYTES);
    this.fingerprint = fingerprint;
  }

  @Override
  public Checkpoint open(LogId log, long atLeast) {
    OpenRequest request =
        OpenRequest.newBuilder()
            .setClusterFingerprint(fingerprint)
            .setLog(log.name())
            .setAtLeast(atLeast)
            .build();
    try {
      return remote(log, stub.withDeadlineAfter(OPEN_SECONDS, TimeUnit.SECONDS).open(request));
    } catch (StatusRuntimeException e) {
      throw refused(e);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("a manifest of " + log + " makes no sense: " + e, e);
    }
  }

  /**
   * What the other node's replica hashed to after an entry; null if it cannot be reached, or does
   * not remember.
   *
   * @param mine what this node's replica hashed to
   */
  public @Nullable Long hashAt(LogId log, long index, long mine) {
    HashAtRequest request =
        HashAtRequest.newBuilder()
            .setClusterFingerprint(fingerprint)
            .setLog(log.name())
            .setIndex(index)
            .setMine(mine)
            .build();
    try {
      HashAtResponse response =
          stub.withDeadlineAfter(HASH_SECONDS, TimeUnit.SECONDS).hashAt(request);
      return response.hasHash() ? response.getHash() : null;
    } catch (StatusRuntimeException e) {
      return null;
    }
  }

  private Checkpoint remote(LogId log, Manifest message) {
    List<dev.reprise.cluster.checkpoint.Manifest.Part> parts = new ArrayList<>();
    for (Part part : message.getPartsList()) {
      parts.add(
          new dev.reprise.cluster.checkpoint.Manifest.Part(
              part.getName(), part.getSize(), part.getChecksum()));
    }
    return new Remote(
        message.getNode(),
        new dev.reprise.cluster.checkpoint.Manifest(
            log, message.getNumber(), message.getIndex(), parts));
  }

  private static CheckpointException refused(StatusRuntimeException e) {
    String said = e.getStatus().getDescription();
    return new CheckpointException(said == null ? e.getStatus().toString() : said, e);
  }

  private final class Remote implements Checkpoint {
    private final String from;
    private final dev.reprise.cluster.checkpoint.Manifest manifest;

    private Remote(String from, dev.reprise.cluster.checkpoint.Manifest manifest) {
      this.from = from;
      this.manifest = manifest;
    }

    @Override
    public String from() {
      return from;
    }

    @Override
    public dev.reprise.cluster.checkpoint.Manifest manifest() {
      return manifest;
    }

    @Override
    public byte[] read(dev.reprise.cluster.checkpoint.Manifest.Part part, long offset, int length) {
      ReadRequest request =
          ReadRequest.newBuilder()
              .setClusterFingerprint(fingerprint)
              .setLog(manifest.log().name())
              .setNumber(manifest.number())
              .setPart(part.name())
              .setOffset(offset)
              .setLength(Math.min(length, CheckpointService.PIECE_BYTES))
              .build();
      Piece piece;
      try {
        piece = stub.withDeadlineAfter(READ_SECONDS, TimeUnit.SECONDS).read(request);
      } catch (StatusRuntimeException e) {
        throw refused(e);
      }
      byte[] bytes = piece.getBytes().toByteArray();
      if (bytes.length > length || CheckpointService.checksum(bytes) != piece.getChecksum()) {
        throw new CheckpointException(
            "Expected a piece of "
                + part.name()
                + " from "
                + from
                + " as it was sent, but its checksum differs");
      }
      return bytes;
    }

    @Override
    public void refuse() {
      RefuseRequest request =
          RefuseRequest.newBuilder()
              .setClusterFingerprint(fingerprint)
              .setLog(manifest.log().name())
              .setNumber(manifest.number())
              .build();
      try {
        stub.withDeadlineAfter(READ_SECONDS, TimeUnit.SECONDS).refuse(request);
      } catch (StatusRuntimeException e) {
        logger.warn("{} could not be told that its checkpoint is damaged: {}", from, e.getStatus());
      }
    }

    @Override
    public void close() {}
  }
}
