package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/**
 * A disk that is full: nothing is acknowledged that is not kept, and nothing is lost when there is
 * room again. Needs to mount a small file system; skipped where that is not allowed.
 */
class DiskFullTest {
  private static final String SIZE = "160m";
  private static final int MOST_REGISTRATIONS = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @RegisterExtension final Storm storm = new Storm();

  private int acknowledged;
  private int unknown;

  /** Counts, and carries a burden so that the disk fills. */
  @VirtualObject("burden")
  static class Burden {
    private static final StateKey<Integer> COUNT = StateKey.of("count", Integer.class);

    @Handler
    public int add(ObjectContext ctx, byte[] burden) {
      int count = ctx.get(COUNT).orElse(0) + 1;
      ctx.set(COUNT, count);
      return count;
    }

    @Handler
    public int read(ObjectContext ctx) {
      return ctx.get(COUNT).orElse(0);
    }
  }

  /** Takes steps with large results, once its gate is open. */
  @Service("heavy")
  @Options(retry = @Options.Retry(initialInterval = "PT0.1S", maxInterval = "PT1S"))
  static class Heavy {
    private static final int STEPS = 30;
    private static final int STEP_BYTES = 1 << 20;

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);

    /** Checksums of what each step has made, by step. */
    final Map<Integer, List<Long>> made = new ConcurrentHashMap<>();

    @Handler
    public List<Long> work(Context ctx) throws InterruptedException {
      List<Long> sums = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        int number = step;
        sums.add(checksum(ctx.run("step", byte[].class, () -> make(number))));
        begun.countDown();
        gate.await();
      }
      return sums;
    }

    private byte[] make(int step) {
      byte[] bytes = new byte[STEP_BYTES];
      ThreadLocalRandom.current().nextBytes(bytes);
      made.computeIfAbsent(step, any -> new CopyOnWriteArrayList<>()).add(checksum(bytes));
      return bytes;
    }

    private static long checksum(byte[] bytes) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      return sum.getValue();
    }
  }

  @Test
  @Timeout(180)
  void whatRunsWhenTheDiskIsFullStandsStillAndGoesOnWhenThereIsRoom() throws Exception {
    Path disk = mount();
    Heavy heavy = new Heavy();
    ServerProcess server = storm.serverAt(disk.resolve("node"));
    server.admin().register(storm.serve(heavy).uri());
    String id =
        server
            .ingress()
            .to("heavy/work/send")
            .post()
            .expectAccepted()
            .get("invocationId")
            .asString();
    assertThat(heavy.begun.await(20, TimeUnit.SECONDS)).isTrue();

    Path filler = fill(disk);
    heavy.gate.countDown();
    eventually(
        Duration.ofSeconds(30),
        () ->
            assertThat(server.tail().toLowerCase(Locale.ROOT)).contains("no space left on device"));
    int before = heavy.made.size();
    assertThat(before).as("steps that had room").isLessThan(Heavy.STEPS);
    Files.delete(filler);

    String answer =
        eventually(
            Duration.ofMinutes(1), () -> server.ingress().output(id).expectStatus(200).text());
    storm.say("stood still after %d steps of %d: %s", before, Heavy.STEPS, executions(heavy));
    List<Long> sums = new ArrayList<>();
    JsonMapper.shared().readTree(answer).forEach(it -> sums.add(it.asLong()));
    assertThat(sums).hasSize(Heavy.STEPS);
    for (int step = 0; step < Heavy.STEPS; step++) {
      assertThat(heavy.made.get(step)).as("step %d", step).contains(sums.get(step));
    }
    server.kill();
    server.restart();
    assertThat(server.ingress().output(id).expectText()).isEqualTo(answer);
  }

  @Test
  @Timeout(180)
  void registrationsThatFoundNoRoomAreRefusedAndTakenWhenThereIsRoom() throws Exception {
    Path disk = mount();
    ServerProcess server = storm.serverAt(disk.resolve("node"));
    URI endpoint = storm.serve(new StormServices.Echo()).uri();
    server.admin().register(endpoint);
    assertThat(server.ingress().to("echo/echo").post("1").expectText()).isEqualTo("\"1\"");

    Path filler = fill(disk);
    int taken = 0;
    // The log's last file has some room left: so many registrations of a kilobyte fit.
    while (server.admin().tryToRegister(endpoint) && taken < MOST_REGISTRATIONS) {
      taken++;
    }
    assertThat(taken).as("registrations that had room").isLessThan(MOST_REGISTRATIONS);
    assertThat(server.admin().deployments()).as("what was known").contains(endpoint.toString());
    Files.delete(filler);

    eventually(
        Duration.ofMinutes(1), () -> assertThat(server.admin().tryToRegister(endpoint)).isTrue());
    storm.say("%d registrations fitted, then they were refused until there was room", taken);
    server.kill();
    server.restart();
    assertThat(server.ingress().to("echo/echo").post("1").expectText()).isEqualTo("\"1\"");
  }

  private static String executions(Heavy heavy) {
    return heavy.made.values().stream().mapToInt(List::size).sum() + " executions of steps";
  }

  @Test
  @Timeout(180)
  void aFullDiskAcknowledgesNothingThatItLosesAndServesAgainWhenThereIsRoom() throws Exception {
    Path disk = mount();
    ServerProcess server = storm.serverAt(disk.resolve("node"));
    server.admin().register(storm.serve(new Burden()).uri());
    IngressClient client = server.ingress();
    for (int i = 0; i < 50; i++) {
      assertThat(add(client, 1_000)).isEqualTo(200);
    }

    Path filler = fill(disk);
    int refused = untilRefused(client);
    storm.say("with a full disk: %d acknowledged, then %d", acknowledged, refused);
    for (int i = 0; i < 5; i++) {
      add(client, 64 << 10);
    }
    eventually(
        Duration.ofSeconds(20),
        () ->
            assertThat(server.tail().toLowerCase(Locale.ROOT))
                .as("the node says so")
                .containsAnyOf("no space left", "disk nearly full"));
    assertThat(server.isAlive()).isTrue();

    Files.delete(filler);
    long freed = System.nanoTime();
    eventually(Duration.ofMinutes(1), () -> assertThat(add(client, 1_000)).isEqualTo(200));
    storm.say(
        "served again %d ms after there was room",
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - freed));
    nothingIsLost(client);
    server.kill();
    server.restart();
    nothingIsLost(client);
  }

  private Path mount() throws IOException, InterruptedException {
    Path disk = storm.directory();
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(mount.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (mount.waitFor() != 0) {
      String why = "Expected to mount a file system of " + SIZE + ", but: " + said.trim();
      System.out.println("[storm] skipped: " + why);
      abort(why);
    }
    storm.add(
        () -> {
          Process unmount = new ProcessBuilder("umount", "-l", disk.toString()).start();
          assertThat(unmount.waitFor()).isZero();
        });
    return disk;
  }

  /** Takes all the room there is. */
  private static Path fill(Path disk) throws IOException {
    Path filler = disk.resolve("filler");
    byte[] block = new byte[4 << 10];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full.getMessage()).contains("No space left");
    }
    return filler;
  }

  /** What is preallocated may still be used; then comes the first refusal, or silence (0). */
  private int untilRefused(IngressClient client) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < end) {
      int status = add(client, 1 << 20);
      if (status != 200) {
        return status;
      }
    }
    throw new AssertionError("Expected the full disk to be noticed, but all was acknowledged");
  }

  /** The status; 0 when there was none in time. */
  private int add(IngressClient client, int burden) {
    try {
      Answer answer = client.to("burden/one/add").within(PATIENCE).post(new byte[burden]);
      if (answer.status() == 200) {
        acknowledged++;
      } else {
        unknown++;
        assertThat(answer.status()).as("%s", answer).isEqualTo(503);
        pause(Duration.ofMillis(50));
      }
      return answer.status();
    } catch (IOException e) {
      unknown++;
      return 0;
    }
  }

  private void nothingIsLost(IngressClient client) {
    int count =
        eventually(
            Duration.ofSeconds(30),
            () -> Integer.parseInt(client.to("burden/one/read").post().expectText()));
    assertThat(count).isBetween(acknowledged, acknowledged + unknown);
  }
}
