package dev.reprise.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Shows something once, or again and again until the command is interrupted. */
final class WatchOption {
  private static final String CLEAR = "\u001b[H\u001b[2J";
  private static final int MOST_SECONDS = 3_600;

  @Option(
      names = "--watch",
      arity = "0..1",
      paramLabel = "SECONDS",
      fallbackValue = "2",
      description = "Show it again every SECONDS (2), until interrupted.")
  private @Nullable Integer seconds;

  /** Runs the look; the first one's failure is the command's, later ones are shown. */
  int show(Output output, Runnable look) {
    Integer pause = seconds;
    if (pause == null) {
      look.run();
      return 0;
    }
    if (pause < 1 || pause > MOST_SECONDS) {
      throw new CliException(
          CliException.USAGE,
          "Expected from 1 to " + MOST_SECONDS + " seconds for --watch, but got " + pause,
          "give --watch alone to look every 2 s");
    }
    clear(output);
    look.run();
    while (waited(pause)) {
      clear(output);
      try {
        look.run();
      } catch (CliException e) {
        // A server that restarts is what one watches for.
        Restatectl.say(output, e);
      }
    }
    return 0;
  }

  private static void clear(Output output) {
    if (output.colour()) {
      output.out().print(CLEAR);
    }
  }

  private static boolean waited(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return !Thread.currentThread().isInterrupted();
  }
}
