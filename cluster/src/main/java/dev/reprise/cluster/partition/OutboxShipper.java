package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.table.TablesView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a leader's outbox to its receivers, in order, and forgets what they have. One per epoch;
 * confined to the leader loop.
 */
final class OutboxShipper {
  private static final Logger logger = LoggerFactory.getLogger(OutboxShipper.class);
  private static final int MESSAGES_AT_ONCE = 256;
  private static final int BYTES_AT_ONCE = 1 << 20;
  private static final int SMALL_PARTS = 256;
  private static final long WAITING_LIMIT = 20_000;
  private static final Duration RETRY = Duration.ofMillis(50);

  private final int self;
  private final TablesView tables;
  private final Proposer proposer;
  private final Deliveries deliveries;
  private final Loop loop;
  private final Runnable flush;
  private final Map<Integer, Route> routes = new HashMap<>();
  private boolean closed;

  /** How far one receiver has come. */
  private static final class Route {
    /** The first message that the receiver may not have. */
    private long next;

    /** The first message that may still be in the table. */
    private long kept;

    /** One more than the last message there is, as far as was told. */
    private long end;

    private boolean underWay;
  }

  OutboxShipper(
      int self,
      TablesView tables,
      Proposer proposer,
      Deliveries deliveries,
      Loop loop,
      Runnable flush) {
    this.self = self;
    this.tables = tables;
    this.proposer = proposer;
    this.deliveries = deliveries;
    this.loop = loop;
    this.flush = flush;
  }

  /** Finds what an earlier leader left. */
  void recover() {
    Map<Integer, Long> ends = new HashMap<>();
    try (var scan = tables.outboxReceivers()) {
      while (scan.next()) {
        ends.put(scan.key(), scan.value());
      }
    }
    ends.forEach(
        (receiver, end) -> {
          Route route = new Route();
          route.end = end;
          route.next = end;
          try (var scan = tables.outbox(receiver, 0)) {
            if (scan.next()) {
              route.next = scan.key().sequence();
            }
          }
          route.kept = route.next;
          routes.put(receiver, route);
          ship(receiver, route);
        });
  }

  /** There are messages for this receiver up to this sequence. */
  void added(int receiver, long sequence) {
    Route route = routes.get(receiver);
    if (route == null) {
      route = new Route();
      route.next = 1;
      route.kept = 1;
      routes.put(receiver, route);
    }
    route.end = Math.max(route.end, sequence + 1);
    ship(receiver, route);
  }

  /** Whether the receiver keeps up, so that more may be written for it. */
  boolean hasRoom(int receiver) {
    Route route = routes.get(receiver);
    return route == null || route.end - route.next < WAITING_LIMIT;
  }

  private void ship(int receiver, Route route) {
    if (closed || route.underWay || route.next >= route.end) {
      return;
    }
    long first = route.next;
    List<OutboxMessage> messages = read(receiver, first);
    if (messages.isEmpty()) {
      return;
    }
    route.underWay = true;
    deliveries.deliver(
        receiver,
        new Command.Deliver(self, first, messages),
        result -> loop.execute(() -> answered(receiver, route, result)));
  }

  private List<OutboxMessage> read(int receiver, long first) {
    List<OutboxMessage> messages = new ArrayList<>();
    int bytes = 0;
    try (var scan = tables.outbox(receiver, first)) {
      while (messages.size() < MESSAGES_AT_ONCE && bytes < BYTES_AT_ONCE && scan.next()) {
        if (scan.key().sequence() != first + messages.size()) {
          // Another leader may have truncated it already, and this epoch be over without our
          // knowing. Sent under another's number, a message would be lost without a trace.
          logger.warn(
              "Expected message {} for partition {}, but found {}",
              first + messages.size(),
              receiver,
              scan.key().sequence());
          return messages;
        }
        OutboxMessage message = scan.value();
        messages.add(message);
        bytes += weight(message);
      }
    }
    return messages;
  }

  private static int weight(OutboxMessage message) {
    return SMALL_PARTS
        + switch (message) {
          case OutboxMessage.Create create -> create.invocation().input().length();
          case OutboxMessage.Answer answer -> weight(answer.outcome());
          case OutboxMessage.Send send -> weight(send.signal().outcome());
          case OutboxMessage.NotReady notReady -> 0;
          case OutboxMessage.Attach attach -> 0;
          case OutboxMessage.GetOutput get -> 0;
          case OutboxMessage.Kill kill -> 0;
        };
  }

  private static int weight(@Nullable Outcome outcome) {
    return outcome instanceof Outcome.Success success ? success.value().length() : 0;
  }

  private void answered(int receiver, Route route, @Nullable Result result) {
    route.underWay = false;
    if (closed) {
      return;
    }
    if (!(result instanceof Result.Delivered delivered)) {
      loop.schedule(RETRY, () -> ship(receiver, route));
      return;
    }
    // The receiver says where it stands: forwards in the common case, back where something was
    // lost.
    route.next = delivered.throughSequence() + 1;
    if (route.next > route.kept) {
      proposer.finish(
          new Command.TruncateOutbox(receiver, route.kept, route.next - 1), truncated -> {});
      route.kept = route.next;
      flush.run();
    }
    ship(receiver, route);
  }

  void close() {
    closed = true;
  }

  /** Messages that wait for receivers. */
  long waiting() {
    return routes.values().stream().mapToLong(it -> it.end - it.next).sum();
  }
}
