package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.Eventually;
import dev.reprise.chaos.rig.Neighbours;
import dev.reprise.chaos.rig.Storm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three nodes with nothing to do take little, and no more as time goes by. */
class IdleClusterTest {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration WINDOW = Duration.ofSeconds(20);

  /** After a start there is code to be compiled; a busy machine takes its time for that. */
  private static final Duration COMES_TO_REST = Duration.ofMinutes(4);

  private static final double MOST_CORE_PERCENT = 12;
  private static final long MOST_RESIDENT_MIB = 320;
  private static final long MOST_THREADS = 100;
  private static final long MOST_DISK_MIB = 32;
  private static final long MOST_GROWTH_KIB = 64;

  @RegisterExtension final Storm storm = new Storm();

  private record Taken(
      double corePercent, long residentMib, long threads, long diskMib, long grownKib) {
    boolean isLittle() {
      return corePercent <= MOST_CORE_PERCENT
          && residentMib <= MOST_RESIDENT_MIB
          && threads <= MOST_THREADS
          && diskMib <= MOST_DISK_MIB
          && grownKib <= MOST_GROWTH_KIB;
    }
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void threeNodesWithNothingToDoTakeLittle() {
    Neighbours nodes = storm.add(new Neighbours(storm.directory(), "demo", 3));
    nodes.launchAll();
    nodes.await(
        1,
        SOON,
        "three copies of everything",
        it -> Neighbours.isWholeOn(it, 1, 2, 3) && it.getMetadataVotersCount() == 3);

    Map<Integer, Taken> taken =
        Eventually.eventually(
            COMES_TO_REST,
            () -> {
              Map<Integer, Taken> now = during(nodes);
              storm.say("idle for %s: %s", WINDOW, now);
              assertThat(now.values()).allMatch(Taken::isLittle);
              return now;
            });
    assertThat(taken).hasSize(3);
  }

  private static Map<Integer, Taken> during(Neighbours nodes) throws IOException {
    Map<Integer, Duration> cpu = new TreeMap<>();
    Map<Integer, Long> disk = new TreeMap<>();
    for (int node = 1; node <= 3; node++) {
      cpu.put(node, cpu(nodes, node));
      disk.put(node, bytes(nodes.home(node)));
    }
    long begin = System.nanoTime();
    Eventually.pause(WINDOW);
    Map<Integer, Taken> taken = new TreeMap<>();
    for (int node = 1; node <= 3; node++) {
      double wall = System.nanoTime() - begin;
      Duration used = cpu(nodes, node).minus(cpu.getOrDefault(node, Duration.ZERO));
      long bytes = bytes(nodes.home(node));
      taken.put(
          node,
          new Taken(
              Math.round(used.toNanos() / wall * 1000) / 10.0,
              status(nodes, node, "VmRSS") >> 10,
              status(nodes, node, "Threads"),
              bytes >> 20,
              (bytes - disk.getOrDefault(node, 0L)) >> 10));
    }
    return taken;
  }

  private static Duration cpu(Neighbours nodes, int node) {
    return ProcessHandle.of(nodes.process(node).pid())
        .flatMap(it -> it.info().totalCpuDuration())
        .orElseThrow();
  }

  /** A number of what the system says about the process; sizes are in KiB. */
  private static long status(Neighbours nodes, int node, String what) throws IOException {
    Path file = Path.of("/proc", Long.toString(nodes.process(node).pid()), "status");
    return Files.readAllLines(file).stream()
        .filter(it -> it.startsWith(what + ":"))
        .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static long bytes(Path home) throws IOException {
    return Bits.files(home).stream().mapToLong(it -> it.toFile().length()).sum();
  }
}
