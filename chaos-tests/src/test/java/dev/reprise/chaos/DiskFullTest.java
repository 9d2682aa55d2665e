package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A disk that is full: nothing is acknowledged that is not kept, and nothing is lost when there is
 * room again. Needs to mount a small file system; skipped where that is not allowed.
 */
class DiskFullTest {
  private static final String SIZE = "160m";
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
                .containsAnyOf("no space left", "disk is full", "full disk"));
    assertThat(server.isAlive()).isTrue();

    Files.delete(filler);
    long freed = System.nanoTime();
    eventually(Duration.ofSeconds(60), () -> assertThat(add(client, 1_000)).isEqualTo(200));
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
