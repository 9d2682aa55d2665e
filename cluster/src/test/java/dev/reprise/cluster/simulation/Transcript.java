package dev.reprise.cluster.simulation;

import dev.reprise.cluster.log.simulated.SimulatedTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** The last steps of a run, one line each, written only when somebody wants to read them. */
final class Transcript {
  private final SimulatedTime time;
  private final int lines;
  private final Deque<Supplier<String>> last = new ArrayDeque<>();

  /**
   * @param lines how many steps are kept
   */
  Transcript(SimulatedTime time, int lines) {
    this.time = time;
    this.lines = lines;
  }

  /** What is given must not change until it is read. */
  void line(Supplier<String> words) {
    if (last.size() == lines) {
      last.remove();
    }
    long now = time.nowMillis();
    last.add(() -> now + " ms  " + words.get());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    last.forEach(it -> text.append(it.get()).append('\n'));
    return text.toString();
  }
}
