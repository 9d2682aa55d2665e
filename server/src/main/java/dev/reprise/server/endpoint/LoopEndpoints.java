package dev.reprise.server.endpoint;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One event loop's connections to all endpoints, shared by the partitions that live on it. Confined
 * to that loop, but for making it and {@link #close}.
 */
public final class LoopEndpoints implements Endpoints, AutoCloseable {
  private final EventLoop loop;
  private final EndpointOptions options;
  private final EndpointMeans means;
  private final Connector connector;
  private final Map<String, EndpointPool> pools = new HashMap<>();
  private final List<EndpointConnection> written = new ArrayList<>();

  public LoopEndpoints(
      EventLoop loop,
      Class<? extends SocketChannel> channel,
      EndpointOptions options,
      HostNames names) {
    this(loop, channel, options, EndpointMeans.plain(names));
  }

  public LoopEndpoints(
      EventLoop loop,
      Class<? extends SocketChannel> channel,
      EndpointOptions options,
      EndpointMeans means) {
    this.loop = loop;
    this.options = options;
    this.means = means;
    this.connector = new Connector(loop, channel, options, means.trust());
  }

  @Override
  public EndpointStream open(EndpointRequest request, StreamListener listener) {
    EndpointRequest signed = request.with(means.signer().headers(request));
    return switch (request.address()) {
      case EndpointAddress.Network network -> {
        Exchange exchange = new Exchange(signed, listener);
        pool(network).open(exchange);
        yield exchange;
      }
      case EndpointAddress.Function function -> {
        FunctionStream call =
            new FunctionStream(signed, listener, means.functions(), loop, options.streamWindow());
        listener.opened(call);
        yield call;
      }
    };
  }

  private EndpointPool pool(EndpointAddress.Network address) {
    EndpointPool pool = pools.get(address.key());
    if (pool == null) {
      pool = new EndpointPool(this, address);
      pools.put(address.key(), pool);
    }
    return pool;
  }

  @Override
  public void flush() {
    // A flush may itself cause writes, also to connections that are done.
    while (!written.isEmpty()) {
      written.remove(written.size() - 1).flush();
    }
  }

  /** How many connections there are to anybody. On the loop. */
  public int connections() {
    return pools.values().stream().mapToInt(EndpointPool::size).sum();
  }

  /** How many exchanges are open on them. On the loop. */
  public int streams() {
    return pools.values().stream().mapToInt(EndpointPool::streams).sum();
  }

  void written(EndpointConnection connection) {
    // A few connections at most: looking through them is cheaper than a set.
    if (!written.contains(connection)) {
      written.add(connection);
    }
  }

  void unused(EndpointPool pool) {
    if (pool.idle()) {
      pools.remove(pool.address().key(), pool);
    }
  }

  EventLoop loop() {
    return loop;
  }

  EndpointOptions options() {
    return options;
  }

  HostNames names() {
    return means.names();
  }

  Connector connector() {
    return connector;
  }

  /** Closes all connections; exchanges on them break. Any thread. */
  @Override
  public void close() {
    loop.execute(() -> new ArrayList<>(pools.values()).forEach(EndpointPool::close));
  }
}
