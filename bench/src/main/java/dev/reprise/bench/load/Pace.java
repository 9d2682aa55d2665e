package dev.reprise.bench.load;

/** When requests are made. */
public sealed interface Pace {
  /** Each connection makes its next request as soon as the last one is answered. */
  record ClosedLoop() implements Pace {}

  /**
   * Requests are due at even intervals, whether or not earlier ones are answered. Latency counts
   * from when a request was due, so that a stalled server is not flattered.
   *
   * @param perSecond requests due per second
   */
  record OpenLoop(double perSecond) implements Pace {
    public OpenLoop {
      if (!(perSecond > 0)) {
        throw new IllegalArgumentException("Expected a rate above 0, but " + perSecond);
      }
    }

    /** Nanoseconds from the start at which a request is due. */
    long dueNanos(long request) {
      return (long) (request * (1e9 / perSecond));
    }
  }
}
