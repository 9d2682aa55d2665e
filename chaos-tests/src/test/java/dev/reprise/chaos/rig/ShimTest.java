package dev.reprise.chaos.rig;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process sees of its clock and its disk is what the knobs say. */
@Timeout(120)
class ShimTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);

  @Test
  void clockAndDiskOfAProcessAreTurnedWhileItRuns(@TempDir Path directory) {
    Path library = Shim.build(directory);
    assumeTrue(library != null, "needs a C compiler");
    Shim shim = new Shim(library, directory);
    try (JavaProcess process =
        JavaProcess.start(
            "looks",
            List.of("-cp", JavaProcess.classPath()),
            Looks.class.getName(),
            List.of(directory.resolve("file").toString()),
            shim.environment())) {
      process.awaitLine(it -> it.startsWith("fine"), SOON);

      shim.shiftClock(Duration.ofHours(1));
      process.awaitLine(it -> it.startsWith("fine, ahead"), SOON);
      shim.slowSync(Duration.ofMillis(200));
      process.awaitLine(it -> it.startsWith("fine, ahead, slow"), SOON);
      shim.failSync(Shim.INPUT_OUTPUT_ERROR);
      process.awaitLine(it -> it.contains("Input/output error"), SOON);
      shim.failWrite(Shim.NO_SPACE_LEFT);
      process.awaitLine(it -> it.contains("No space left on device"), SOON);
    }
  }

  /** Writes to a file again and again, and says what it saw. */
  static final class Looks {
    private Looks() {}

    public static void main(String[] args) throws IOException {
      long wall = System.currentTimeMillis();
      long begin = System.nanoTime();
      try (FileChannel file =
          FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        while (System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(2)) {
          System.out.println(look(file, wall, begin));
          Eventually.pause(Duration.ofMillis(50));
        }
      }
    }

    private static String look(FileChannel file, long wall, long begin) {
      long before = System.nanoTime();
      try {
        file.write(ByteBuffer.allocate(8), 0);
        file.force(false);
      } catch (IOException e) {
        return String.valueOf(e.getMessage());
      }
      long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
      long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      long ahead = System.currentTimeMillis() - wall - passed;
      return "fine"
          + (ahead > HOUR_MILLIS / 2 ? ", ahead" : "")
          + (tookMillis >= 200 ? ", slow" : "");
    }
  }
}
