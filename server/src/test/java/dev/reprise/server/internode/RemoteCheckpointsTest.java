package dev.reprise.server.internode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.checkpoint.Checkpoint;
import dev.reprise.cluster.checkpoint.CheckpointException;
import dev.reprise.cluster.checkpoint.Installation;
import dev.reprise.cluster.checkpoint.LocalCheckpoints;
import dev.reprise.cluster.checkpoint.Manifest;
import dev.reprise.cluster.checkpoint.Offering;
import dev.reprise.cluster.log.LogId;
import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.WriteBatch;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint crosses a real connection, which may break. */
@Timeout(120)
class RemoteCheckpointsTest {
  private static final LogId LOG = LogId.partition(3);
  private static final String CLUSTER = "cafe";

  private final RocksDbResources resources = new RocksDbResources(16 << 20);

  @TempDir Path directory;
  private RocksDbStore peer;
  private LocalCheckpoints offered;
  private CheckpointService service;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void aNodeWithAReplica() throws IOException {
    peer = RocksDbStore.open(directory.resolve("peer"), resources);
    Random random = new Random(1);
    for (int file = 0; file < 4; file++) {
      WriteBatch batch = new WriteBatch();
      byte[] value = new byte[1000];
      for (int i = 0; i < 2000; i++) {
        random.nextBytes(value);
        batch.put(ByteBuffer.allocate(8).putInt(file).putInt(i).array(), value);
      }
      peer.write(batch);
      peer.flush();
    }
    offered = new LocalCheckpoints("n2", directory.resolve("checkpoints"), System::nanoTime);
    offered.offer(
        LOG,
        new Offering() {
          @Override
          public long index() {
            return 77;
          }

          @Override
          public void checkpoint(Path at) {
            peer.checkpoint(at);
          }
        });
    service = new CheckpointService("n2", offered, () -> CLUSTER);
    server = listen(0);
    channel = dial();
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow();
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    service.close();
    offered.close();
    peer.close();
    resources.close();
  }

  @Test
  void theStoreArrivesWhole() {
    Checkpoint checkpoint = new RemoteCheckpoints(channel, CLUSTER).open(LOG, 77);
    assertThat(checkpoint.from()).isEqualTo("n2");

    install(checkpoint);

    assertThat(installed()).isEqualTo(Contents.of(peer));
  }

  @Test
  void aBrokenConnectionCostsOnlyWhatWasOnTheWay() throws Exception {
    Breaking breaking = new Breaking(new RemoteCheckpoints(channel, CLUSTER).open(LOG, 0));
    int port = server.getPort();
    assertThatThrownBy(() -> install(breaking)).isInstanceOf(CheckpointException.class);

    server = listen(port);
    channel.shutdownNow();
    channel = dial();
    Breaking again = new Breaking(new RemoteCheckpoints(channel, CLUSTER).open(LOG, 0));
    again.left = Long.MAX_VALUE;
    install(again);

    assertThat(installed()).isEqualTo(Contents.of(peer));
    assertThat(again.manifest()).isEqualTo(breaking.manifest());
    assertThat(breaking.read + again.read).isEqualTo(again.manifest().size());
  }

  @Test
  void whatThereIsNotIsSaidInASentence() {
    RemoteCheckpoints remote = new RemoteCheckpoints(channel, CLUSTER);
    assertThatThrownBy(() -> remote.open(LOG, 78))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("n2 has partition-3 up to entry 77, and 78 is needed");
    assertThatThrownBy(() -> remote.open(LogId.METADATA, 0))
        .hasMessage("n2 has no open replica of metadata");
    assertThatThrownBy(() -> new RemoteCheckpoints(channel, "other").open(LOG, 0))
        .hasMessage("Expected a node of this cluster, but another one asked");

    Checkpoint checkpoint = remote.open(LOG, 0);
    offered.withdraw(LOG);
    assertThatThrownBy(() -> checkpoint.read(checkpoint.manifest().parts().getFirst(), 0, 10))
        .hasMessage("n2 has no open replica of partition-3");
  }

  @Test
  void aCheckpointThatArrivedDamagedIsOfferedNoMoreAndItsReplicaIsSuspected() throws IOException {
    AtomicInteger suspected = new AtomicInteger();
    offered.remember(LOG, suspecting(suspected));
    RemoteCheckpoints remote = new RemoteCheckpoints(channel, CLUSTER);
    Checkpoint damaged = remote.open(LOG, 0);
    flipABitOf(damaged.manifest());

    assertThatThrownBy(() -> install(damaged)).hasMessageContaining("it arrived different");

    assertThat(suspected).hasValue(1);
    assertThat(remote.open(LOG, 0).manifest().number()).isNotEqualTo(damaged.manifest().number());
    damaged.refuse();
    assertThat(suspected).as("what is gone is refused in vain").hasValue(1);
    server.shutdownNow();
    damaged.refuse();
  }

  private static LocalCheckpoints.Asked suspecting(AtomicInteger times) {
    return new LocalCheckpoints.Asked() {
      @Override
      public @Nullable Long hashAt(long index, long askers) {
        return null;
      }

      @Override
      public void suspect() {
        times.incrementAndGet();
      }
    };
  }

  /** Of the checkpoint only: the files that it shares with the store are replaced. */
  private void flipABitOf(Manifest manifest) throws IOException {
    String part = manifest.parts().getLast().name();
    Path file =
        directory.resolve("checkpoints/" + LOG.name() + "." + manifest.number() + "/" + part);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.delete(file);
    Files.write(file, bytes);
  }

  @Test
  void whatAStateHashedToIsToldIfItIsRemembered() {
    offered.remember(LOG, (index, askers) -> index == 70 ? Long.valueOf(-5) : null);
    RemoteCheckpoints remote = new RemoteCheckpoints(channel, CLUSTER);

    assertThat(remote.hashAt(LOG, 70, 1)).isEqualTo(-5);
    assertThat(remote.hashAt(LOG, 71, 1)).isNull();
    assertThat(remote.hashAt(LogId.METADATA, 70, 1)).isNull();
    server.shutdownNow();
    assertThat(remote.hashAt(LOG, 70, 1)).isNull();
  }

  /** The server goes away after so many bytes. */
  private final class Breaking implements Checkpoint {
    private final Checkpoint to;
    private long left = 3 << 20;
    private long read;

    Breaking(Checkpoint to) {
      this.to = to;
    }

    @Override
    public String from() {
      return to.from();
    }

    @Override
    public Manifest manifest() {
      return to.manifest();
    }

    @Override
    public byte[] read(Manifest.Part part, long offset, int length) {
      if (left <= 0) {
        server.shutdownNow();
        try {
          server.awaitTermination();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      byte[] bytes = to.read(part, offset, length);
      left -= bytes.length;
      read += bytes.length;
      return bytes;
    }

    @Override
    public void refuse() {
      to.refuse();
    }

    @Override
    public void close() {
      to.close();
    }
  }

  private Server listen(int port) throws IOException {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .directExecutor()
        .addService(service)
        .build()
        .start();
  }

  private ManagedChannel dial() {
    return NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  private void install(Checkpoint checkpoint) {
    new Installation(directory.resolve("mine"))
        .install(
            checkpoint,
            fetched -> {
              try (RocksDbStore opened = RocksDbStore.open(fetched, resources)) {
                opened.verify(() -> true);
              }
            });
  }

  private Contents installed() {
    try (RocksDbStore opened = RocksDbStore.open(directory.resolve("mine"), resources)) {
      return Contents.of(opened);
    }
  }
}
