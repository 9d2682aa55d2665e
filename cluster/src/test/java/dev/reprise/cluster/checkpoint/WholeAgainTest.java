package dev.reprise.cluster.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica that its own files cannot make whole any more is whole again without an operator. */
@Timeout(300)
class WholeAgainTest {
  /** Segments of 64 KiB; the log is cut every 20 entries, and keeps few. */
  private static final Tuning SMALL =
      new Tuning(Duration.ofMillis(700), Duration.ofMillis(1400), 64 << 10, 20, 20, 64 << 10);

  @TempDir Path directory;
  private Trio trio;

  @BeforeEach
  void start() {
    trio = new Trio(directory, SMALL, Trio.seed());
  }

  @AfterEach
  void stop() {
    trio.close();
  }

  @Test
  void aFollowerBehindThePurgedLogGetsACheckpointAndGoesOn() {
    trio.write(100);
    TrioNode late = trio.follower();
    late.stop();

    trio.write(3000);
    late.start();
    trio.write(100);

    trio.sameEverywhere();
    assertThat(late.keeper().rebuilds()).isPositive();
  }

  @Test
  void aReplicaWithoutItsStoreGetsAnother() throws IOException {
    trio.write(2000);
    TrioNode wiped = trio.follower();
    wiped.stop();
    Directories.delete(wiped.store());

    wiped.start();
    trio.write(200);

    trio.sameEverywhere();
    assertThat(wiped.keeper().rebuilds()).isPositive();
  }

  @Test
  void aFlippedBitInATableFileIsFoundAndHealed() throws IOException {
    trio.write(2000);
    TrioNode hit = trio.follower();
    hit.stop();
    Path file = anyTableFile(hit);
    trio.flipOneBit(file, 0, 1);

    hit.start();
    hit.keeper().scrub(() -> true);
    trio.write(200);

    trio.await("it is rebuilt", () -> hit.keeper().rebuilds() > 0);
    trio.sameEverywhere();
    assertThat(hit.store().resolveSibling("partition-0.quarantine").resolve(file.getFileName()))
        .exists();
  }

  @Test
  void twoDamagedReplicasAreHealedByTheThirdThoughADamagedOneIsAskedFirst() throws IOException {
    trio.write(2000);
    TrioNode wiped = trio.follower();
    wiped.stop();
    Directories.delete(wiped.store());
    TrioNode hit = trio.nodes.stream().filter(it -> it != wiped).findFirst().orElseThrow();
    hit.stop();
    flipABitThatNobodyReads(hit);
    hit.start();

    wiped.start();

    trio.await("the wiped one is rebuilt", () -> wiped.keeper().rebuilds() > 0);
    trio.await("so is the one with the bit", () -> hit.keeper().rebuilds() > 0);
    trio.write(100);
    trio.sameEverywhere();
  }

  @Test
  void aFlippedBitInTheLogIsFoundAndHealedThoughTheStoreIsOlder() throws IOException {
    trio.write(2000);
    TrioNode hit = trio.follower();
    hit.stop();
    Path older = directory.resolve("older");
    copy(hit.store(), older);
    hit.start();
    trio.write(500);
    trio.sameEverywhere();
    writeUntilAFileOfItsLogIsFull(hit);
    hit.stop();
    // As after a crash: the log has more than the store.
    Directories.delete(hit.store());
    copy(older, hit.store());
    trio.flipOneBit(newestSegment(hit).orElseThrow(), 0.05, 0.2);

    hit.start();
    trio.write(200);

    trio.sameEverywhere();
    assertThat(hit.keeper().rebuilds()).isPositive();
  }

  @Test
  void aReplicaThatCannotApplyAnEntryIsParkedNeverLeadsAndGetsTheStateBehindIt() {
    trio.write(300);
    TrioNode stumbling = trio.leader();
    long from = stumbling.applied() + 6;
    stumbling.stumbleAt(index -> index >= from && index < from + 3);

    trio.write(300);

    assertThat(trio.leader()).isNotSameAs(stumbling);
    trio.await("it is rebuilt", () -> stumbling.keeper().rebuilds() > 0);
    trio.write(100);
    trio.sameEverywhere();
  }

  @Test
  void aFollowerWhoseStateStraysIsReplacedByTheOthers() {
    trio.write(100);
    TrioNode straying = trio.follower();
    long from = straying.applied() + 3;
    straying.strayAt(index -> index == from);

    trio.write(100);

    trio.await("it is rebuilt", () -> straying.keeper().rebuilds() > 0);
    trio.write(100);
    trio.sameEverywhere();
    assertThat(trio.nodes.stream().filter(it -> it.keeper().rebuilds() > 0))
        .containsExactly(straying);
  }

  @Test
  void aLeaderWhoseStateStraysIsReplacedByTheOthers() {
    trio.write(100);
    TrioNode straying = trio.leader();
    long from = straying.applied() + 3;
    straying.strayAt(index -> index == from);

    trio.write(100);

    trio.await("it is rebuilt", () -> straying.keeper().rebuilds() > 0);
    trio.write(100);
    trio.sameEverywhere();
    assertThat(trio.nodes.stream().filter(it -> it.keeper().rebuilds() > 0))
        .containsExactly(straying);
  }

  @Test
  void whileNobodyCanApplyAnEntryNobodyForgetsAnything() {
    trio.write(300);
    long from = trio.leader().applied() + 6;
    trio.nodes.forEach(each -> each.stumbleAt(index -> index >= from));
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> trio.write(100));

    // The third one does not learn that the entry is committed: the others do not say so any more.
    trio.await(
        "two are parked, and say at what",
        () -> trio.nodes.stream().filter(each -> isParkedAt(each, from)).count() >= 2);

    trio.nodes.forEach(each -> each.stumbleAt(index -> false));
    trio.nodes.forEach(TrioNode::stop);
    trio.nodes.forEach(TrioNode::start);
    writing.orTimeout(90, TimeUnit.SECONDS).join();
    trio.sameEverywhere();
    trio.nodes.forEach(each -> assertThat(each.keeper().rebuilds()).isZero());
  }

  private static boolean isParkedAt(TrioNode node, long index) {
    ReplicaKeeper.Status status = node.keeper().status();
    return status.condition() == ReplicaKeeper.Condition.PARKED
        && status.reason().contains("Expected entry " + index);
  }

  private Path anyTableFile(TrioNode node) throws IOException {
    List<Path> files =
        Directories.files(node.store()).stream()
            .filter(file -> file.toString().endsWith(".sst"))
            .toList();
    return files.get(trio.random().nextInt(files.size()));
  }

  /** Within a state that no entry of the log touches any more. */
  private static void flipABitThatNobodyReads(TrioNode node) throws IOException {
    for (Path file : Directories.files(node.store())) {
      byte[] bytes = Files.readAllBytes(file);
      int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("value");
      if (file.toString().endsWith(".sst") && name >= 0) {
        bytes[name + 100] ^= 1;
        Files.delete(file); // Others may have a link to it.
        Files.write(file, bytes);
        return;
      }
    }
    throw new AssertionError("Expected a state in the tables of " + node);
  }

  /** It may have been rebuilt a moment ago, and its log have begun anew. */
  private void writeUntilAFileOfItsLogIsFull(TrioNode node) throws IOException {
    while (newestSegment(node).isEmpty()) {
      trio.write(50);
      trio.sameEverywhere();
    }
  }

  /** Of those that are full; they have as many bytes as are kept, so this one is not cut. */
  private static Optional<Path> newestSegment(TrioNode node) throws IOException {
    try (Stream<Path> files = Files.walk(node.log())) {
      return files
          .filter(file -> file.getFileName().toString().matches("log_\\d+-\\d+"))
          .max(Comparator.comparingLong(WholeAgainTest::firstOf));
    } catch (UncheckedIOException e) {
      return Optional.empty(); // A file went while it was looked at; the next look will do.
    }
  }

  private static long firstOf(Path segment) {
    return Long.parseLong(segment.getFileName().toString().split("[_-]", -1)[1]);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : Directories.files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }
}
