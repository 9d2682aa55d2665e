package dev.reprise.cluster.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.log.LogId;
import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.WriteBatch;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store is replaced by another one's checkpoint: wholly, or not at all. */
class InstallationTest {
  private static final LogId LOG = LogId.partition(0);

  private final RocksDbResources resources = new RocksDbResources(16 << 20);
  private final AtomicLong nanos = new AtomicLong();

  @TempDir Path directory;
  private RocksDbStore peer;
  private LocalCheckpoints offered;
  private Contents peersContents;
  private Contents oldContents;
  private Path store;

  @BeforeEach
  void twoStoresThatDiffer() {
    store = directory.resolve("partition-0");
    try (RocksDbStore mine = RocksDbStore.open(store, resources)) {
      fill(mine, "old", 300);
      oldContents = Contents.of(mine);
    }
    peer = RocksDbStore.open(directory.resolve("peer"), resources);
    for (int file = 0; file < 3; file++) {
      fill(peer, "new" + file, 4000);
      peer.flush();
    }
    peersContents = Contents.of(peer);
    offered = new LocalCheckpoints("n2", directory.resolve("checkpoints"), nanos::get);
    offered.offer(LOG, of(peer, 1000));
  }

  @AfterEach
  void close() {
    offered.close();
    peer.close();
    resources.close();
  }

  @Test
  void theStoreIsThePeersAfterwards() throws IOException {
    install(offered.open(LOG, 1000), step -> {});

    assertThat(contents()).isEqualTo(peersContents);
    assertThat(besideTheStore()).containsExactly("checkpoints", "partition-0", "peer");
  }

  @Test
  void aCrashAtAnyInstantLeavesTheOldStoreOrTheNewOne() throws IOException {
    List<String> steps = new ArrayList<>();
    install(offered.open(LOG, 1000), steps::add);
    assertThat(steps).contains("declare ready", "move the old store away", "move the new store in");

    for (int crashAt = 0; crashAt < steps.size(); crashAt++) {
      resetToOldStore();
      int stop = crashAt;
      List<String> seen = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  install(
                      offered.open(LOG, 1000),
                      step -> {
                        seen.add(step);
                        if (seen.size() > stop) {
                          throw new Crash(step);
                        }
                      }))
          .isInstanceOf(Crash.class);

      new Installation(store).finish();

      boolean ready = seen.subList(0, seen.size() - 1).contains("declare ready");
      assertThat(contents())
          .as("a crash before: " + seen.getLast())
          .isEqualTo(ready ? peersContents : oldContents);
      install(offered.open(LOG, 1000), step -> {});
      assertThat(contents()).isEqualTo(peersContents);
    }
  }

  @Test
  void whatWasFetchedBeforeACrashIsNotFetchedAgain() {
    Counting first = new Counting(offered.open(LOG, 1000));
    assertThatThrownBy(
            () ->
                install(
                    first,
                    step -> {
                      if (first.bytes() > first.manifest().size() / 2) {
                        throw new Crash(step);
                      }
                    }))
        .isInstanceOf(Crash.class);

    Counting second = new Counting(offered.open(LOG, 1000));
    install(second, step -> {});

    assertThat(contents()).isEqualTo(peersContents);
    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(second.bytes()).isEqualTo(first.manifest().size() - first.bytes());
  }

  @Test
  void aBitFlippedOnTheWayIsFoundAndNothingChanges() {
    Random random = new Random(seed());
    Checkpoint whole = offered.open(LOG, 1000);
    Manifest.Part part = largest(whole.manifest());
    long at = random.nextLong(part.size());
    int bit = random.nextInt(8);

    Checkpoint flipping =
        new Forwarding(whole) {
          @Override
          public byte[] read(Manifest.Part read, long offset, int length) {
            byte[] bytes = super.read(read, offset, length);
            if (read.equals(part) && at >= offset && at < offset + bytes.length) {
              bytes[(int) (at - offset)] ^= (byte) (1 << bit);
            }
            return bytes;
          }
        };

    assertThatThrownBy(() -> install(flipping, step -> {}))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(part.name())
        .hasMessageContaining("arrived different");
    assertThat(contents()).isEqualTo(oldContents);
  }

  @Test
  void aBitFlippedOnThePeersDiskIsFoundAndNothingChanges() throws IOException {
    Random random = new Random(seed());
    Manifest made = offered.manifest(LOG, 1000);
    Manifest.Part part = largest(made);
    Path linked = directory.resolve("checkpoints").resolve(LOG.name() + "." + made.number());
    byte[] bytes = Files.readAllBytes(linked.resolve(part.name()));
    bytes[random.nextInt(bytes.length / 2)] ^= (byte) (1 << random.nextInt(8));
    offered.offer(LOG, damaged(part.name(), bytes));

    assertThatThrownBy(() -> install(offered.open(LOG, 1000), step -> {}))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("n2")
        .hasMessageContaining(part.name());
    assertThat(contents()).isEqualTo(oldContents);
  }

  @Test
  void aCheckpointIsSharedKeptForAWhileAndMadeAfreshWhenItIsTooOld() {
    Manifest first = offered.manifest(LOG, 0);
    nanos.addAndGet(LocalCheckpoints.KEPT.toNanos());
    offered.sweep();
    assertThat(offered.manifest(LOG, 1000)).isEqualTo(first);

    offered.offer(LOG, of(peer, 2000));
    assertThat(offered.manifest(LOG, 2000).number()).isGreaterThan(first.number());

    nanos.addAndGet(LocalCheckpoints.KEPT.toNanos() + 1);
    offered.sweep();
    assertThat(directory.resolve("checkpoints")).isEmptyDirectory();
  }

  @Test
  void anOlderStateThanIsNeededIsRefusedWithBothNumbers() {
    assertThatThrownBy(() -> offered.open(LOG, 1001))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("n2 has partition-0 up to entry 1000, and 1001 is needed");
    assertThatThrownBy(() -> offered.open(LogId.METADATA, 0))
        .hasMessage("n2 has no open replica of metadata");
  }

  @Test
  void aNameThatLeavesTheDirectoryIsRefused() {
    assertThatThrownBy(() -> new Manifest.Part("../../lock", 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Expected a file name");
  }

  @Test
  void aDamagedStoreIsSetAsideForGood() throws IOException {
    new Installation(store).setAside();
    new Installation(store).finish();

    assertThat(besideTheStore()).contains("partition-0.quarantine").doesNotContain("partition-0");
    assertThat(new Installation(store).isUnderWay()).as("a restart knows why").isTrue();
    install(offered.open(LOG, 1000), step -> {});
    assertThat(contents()).isEqualTo(peersContents);
    assertThat(new Installation(store).isUnderWay()).isFalse();
    assertThat(besideTheStore()).contains("partition-0.quarantine");
  }

  private static long seed() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("InstallationTest: -Dseed=" + seed);
    return seed;
  }

  private static Manifest.Part largest(Manifest manifest) {
    return manifest.parts().stream()
        .max((one, other) -> Long.compare(one.size(), other.size()))
        .orElseThrow();
  }

  private static Offering of(RocksDbStore store, long index) {
    return new MadeBy(index, store::checkpoint);
  }

  /** What a peer offers whose disk has changed a file after it was written. */
  private Offering damaged(String part, byte[] bytes) {
    return new MadeBy(
        1000,
        at -> {
          peer.checkpoint(at);
          try {
            // A new file: the old one is linked, and is the peer's own.
            Files.delete(at.resolve(part));
            Files.write(at.resolve(part), bytes);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private record MadeBy(long index, Consumer<Path> maker) implements Offering {
    @Override
    public void checkpoint(Path at) {
      maker.accept(at);
    }
  }

  private void install(Checkpoint checkpoint, Consumer<String> beforeStep) {
    new Installation(store, beforeStep)
        .install(
            checkpoint,
            fetched -> {
              try (RocksDbStore opened = RocksDbStore.open(fetched, resources)) {
                opened.verify(() -> true);
              }
            });
  }

  private Contents contents() {
    try (RocksDbStore opened = RocksDbStore.open(store, resources)) {
      return Contents.of(opened);
    }
  }

  private void resetToOldStore() throws IOException {
    Directories.delete(store);
    try (RocksDbStore mine = RocksDbStore.open(store, resources)) {
      fill(mine, "old", 300);
    }
  }

  private List<String> besideTheStore() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  private static void fill(RocksDbStore store, String name, int rows) {
    Random random = new Random(name.hashCode());
    WriteBatch batch = new WriteBatch();
    byte[] value = new byte[200];
    for (int i = 0; i < rows; i++) {
      random.nextBytes(value);
      batch.put((name + i).getBytes(StandardCharsets.UTF_8), value);
    }
    store.write(batch);
  }
}
