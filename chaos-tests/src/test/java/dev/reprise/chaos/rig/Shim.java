package dev.reprise.chaos.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a process and its disk and clock: a library that is loaded before all others, and
 * reads from a small file what it is to do. Where there is no C compiler there is none. Any thread.
 */
public final class Shim {
  private static final String SOURCE = "/dev/reprise/chaos/rig/shim.c";
  private static final int SLOTS = 5;
  private static final int CLOCK = 0;
  private static final int SLOW = 1;
  private static final int SYNC_FAILS = 2;
  private static final int WRITE_FAILS = 3;
  private static final int SLOW_WRITE = 4;

  /** Numbers of errors, as the kernel has them. */
  public static final int INPUT_OUTPUT_ERROR = 5;

  public static final int NO_SPACE_LEFT = 28;

  private final @Nullable Path library;
  private final Path knobs;

  /** Of one process, whose knobs are in this directory. */
  public Shim(@Nullable Path library, Path directory) {
    this.library = library;
    this.knobs = directory.resolve("knobs");
    calm();
  }

  /** Compiles the library; null, with a line, where that cannot be done. */
  public static @Nullable Path build(Path directory) {
    Path source = directory.resolve("shim.c");
    Path library = directory.resolve("shim.so");
    try (var text = Shim.class.getResourceAsStream(SOURCE)) {
      if (text == null) {
        throw new IllegalStateException("Expected " + SOURCE + " on the class path");
      }
      Files.write(source, text.readAllBytes());
      Process compiler =
          new ProcessBuilder(
                  "gcc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString())
              .redirectErrorStream(true)
              .start();
      String said =
          new String(
              compiler.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (compiler.waitFor() == 0) {
        return library;
      }
      System.out.println("[storm] skipped: faults of disk and clock, as gcc said: " + said);
    } catch (IOException e) {
      System.out.println("[storm] skipped: faults of disk and clock, as there is no gcc");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  public boolean exists() {
    return library != null;
  }

  /** What the process must have in its environment. */
  public Map<String, String> environment() {
    return library == null
        ? Map.of()
        : Map.of("LD_PRELOAD", library.toString(), "STORM_KNOBS", knobs.toString());
  }

  /** Its wall clock differs from the true one by this much. */
  public void shiftClock(Duration by) {
    turn(CLOCK, by.toNanos());
  }

  /** Each write that is to be durable takes so much longer. */
  public void slowSync(Duration by) {
    turn(SLOW, by.toNanos());
  }

  /**
   * Each write to a file takes so much longer. Until then nobody has what was written: not even the
   * kernel, which keeps it when the process is killed.
   */
  public void slowWrite(Duration by) {
    turn(SLOW_WRITE, by.toNanos());
  }

  /** Each write that is to be durable fails with this error; 0 for none. */
  public void failSync(int error) {
    turn(SYNC_FAILS, error);
  }

  /** Each write to a file fails with this error; 0 for none. */
  public void failWrite(int error) {
    turn(WRITE_FAILS, error);
  }

  /** No fault. */
  public void calm() {
    for (int slot = 0; slot < SLOTS; slot++) {
      turn(slot, 0);
    }
  }

  private void turn(int slot, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    bytes.putLong(value).flip();
    try (FileChannel file =
        FileChannel.open(knobs, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (file.write(bytes, (long) slot * Long.BYTES) != Long.BYTES) {
        throw new IOException("Expected to write eight bytes");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write to " + knobs, e);
    }
  }
}
