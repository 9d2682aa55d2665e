package dev.reprise.cluster.simulation;

import dev.reprise.cluster.log.simulated.SimulatedTime;
import dev.reprise.cluster.partition.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** An event loop as a queue: what is handed over runs in order, a little later, until it dies. */
public final class SimulatedLoop implements Loop {
  private static final int TURN_DELAY_MAX = 2;
  private static @Nullable SimulatedLoop current;

  private final SimulatedTime time;
  private final SplittableRandom random;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean turnDue;
  private boolean dead;

  public SimulatedLoop(SimulatedTime time, SplittableRandom random) {
    this.time = time;
    this.random = random;
  }

  @Override
  public void execute(Runnable task) {
    if (dead) {
      return;
    }
    tasks.add(task);
    if (!turnDue) {
      turnDue = true;
      time.after(random.nextInt(TURN_DELAY_MAX + 1), this::turn);
    }
  }

  private void turn() {
    turnDue = false;
    for (int left = tasks.size(); left > 0 && !dead; left--) {
      run(tasks.remove());
    }
    if (!tasks.isEmpty() && !turnDue) {
      turnDue = true;
      time.after(0, this::turn);
    }
  }

  private void run(Runnable task) {
    SimulatedLoop before = current;
    current = this;
    try {
      task.run();
    } finally {
      current = before;
    }
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    long millis = (delay.toNanos() + 999_999) / 1_000_000;
    boolean[] cancelled = new boolean[1];
    time.after(
        millis + random.nextInt(TURN_DELAY_MAX + 1),
        () -> {
          if (!cancelled[0]) {
            execute(
                () -> {
                  if (!cancelled[0]) {
                    task.run();
                  }
                });
          }
        });
    return () -> cancelled[0] = true;
  }

  @Override
  public boolean inLoop() {
    return current == this;
  }

  /** The process is gone: nothing runs any more. */
  void die() {
    dead = true;
    tasks.clear();
  }
}
