package dev.reprise.bench.endpoint;

import java.util.EnumMap;
import java.util.Map;

/** How often each handler was attempted and completed. The event loop's thread. */
final class Counts {
  private static final class Tally {
    private long attempts;
    private long completed;
  }

  private final Map<Handler, Tally> tallies = new EnumMap<>(Handler.class);

  void attempted(Handler handler) {
    tally(handler).attempts++;
  }

  void completed(Handler handler) {
    tally(handler).completed++;
  }

  void reset() {
    tallies.clear();
  }

  void appendTo(StringBuilder json) {
    for (Handler handler : Handler.values()) {
      json.append('"').append(handler.service()).append('/').append(handler.handlerName());
      json.append("\":{\"attempts\":").append(tally(handler).attempts);
      json.append(",\"completed\":").append(tally(handler).completed).append("},");
    }
  }

  private Tally tally(Handler handler) {
    return tallies.computeIfAbsent(handler, it -> new Tally());
  }
}
