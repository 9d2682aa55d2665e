package dev.reprise.bench.endpoint;

import java.util.Arrays;

/** How often each handler was attempted and completed. The event loop's thread. */
final class Counts {
  private final long[] attempts = new long[Handler.values().length];
  private final long[] completed = new long[Handler.values().length];

  void attempted(Handler handler) {
    attempts[handler.ordinal()]++;
  }

  void completed(Handler handler) {
    completed[handler.ordinal()]++;
  }

  void reset() {
    Arrays.fill(attempts, 0);
    Arrays.fill(completed, 0);
  }

  void appendTo(StringBuilder json) {
    for (Handler handler : Handler.values()) {
      json.append('"').append(handler.service()).append('/').append(handler.handlerName());
      json.append("\":{\"attempts\":").append(attempts[handler.ordinal()]);
      json.append(",\"completed\":").append(completed[handler.ordinal()]).append("},");
    }
  }
}
