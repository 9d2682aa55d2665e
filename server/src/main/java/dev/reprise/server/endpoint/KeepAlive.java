package dev.reprise.server.endpoint;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Asks a connection now and then whether it lives, and closes it when it does not, or when nobody
 * has used it for long. Confined to the connection's event loop.
 */
// The fate of each write and timer shows on the connection: it closes.
@SuppressWarnings("FutureReturnValueIgnored")
final class KeepAlive {
  private final ChannelHandlerContext context;
  private final Http2Client client;
  private final EndpointOptions options;
  private final Http2Events events;
  private long idleSinceNanos = System.nanoTime();

  KeepAlive(
      ChannelHandlerContext context,
      Http2Client client,
      EndpointOptions options,
      Http2Events events) {
    this.context = context;
    this.client = client;
    this.options = options;
    this.events = events;
  }

  void begin() {
    // Spread, so that connections made together are not asked together for ever.
    double spread = 0.8 + ThreadLocalRandom.current().nextDouble(0.2);
    long everyMillis = Math.max(1, (long) (options.pingEvery().toMillis() * spread));
    context.executor().schedule(this::ask, everyMillis, TimeUnit.MILLISECONDS);
  }

  private void ask() {
    if (!context.channel().isActive()) {
      return;
    }
    if (client.connection().numActiveStreams() > 0) {
      idleSinceNanos = System.nanoTime();
    } else if (olderThan(idleSinceNanos, options.idleTimeout())) {
      client.retire();
      return;
    }
    long asked = System.nanoTime();
    client.encoder().writePing(context, false, asked, context.newPromise());
    client.flush();
    context
        .executor()
        .schedule(() -> answered(asked), options.pingTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void answered(long asked) {
    if (events.lastPingAnswered() != asked) {
      client.dead();
    } else {
      begin();
    }
  }

  private static boolean olderThan(long sinceNanos, Duration limit) {
    return System.nanoTime() - sinceNanos > limit.toNanos();
  }
}
