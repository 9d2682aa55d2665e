package dev.reprise.cluster.log.ratis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.DataBlockingQueue;

/**
 * Makes a closed log's writer notice. Ratis's log worker looks only once a second whether it was
 * closed, and everything that closes a log waits for it.
 */
final class LogWorkers {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private LogWorkers() {}

  /** Waits until Ratis has closed the log, and its queue is empty; then ends the wait for more. */
  static void wakeOnceClosed(RatisStateMachine machine, RaftLog log) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (System.nanoTime() < deadline) {
      Thread worker = machine.logWorker();
      if (worker != null && !worker.isAlive()) {
        return;
      }
      // A closed log takes no further task: a worker that waits for one will wait for ever, and an
      // interrupt cannot hit a write.
      if (worker != null && !log.isOpened() && waitsForTask(worker)) {
        worker.interrupt();
        return;
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  private static boolean waitsForTask(Thread worker) {
    if (worker.getState() != Thread.State.TIMED_WAITING) {
      return false;
    }
    for (StackTraceElement frame : worker.getStackTrace()) {
      if (frame.getClassName().equals(DataBlockingQueue.class.getName())
          && frame.getMethodName().equals("poll")) {
        return true;
      }
    }
    return false;
  }
}
