package dev.reprise.server.endpoint;

import dev.reprise.server.endpoint.StreamFailure.Kind;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections to one endpoint, spread over the addresses of its name, and the exchanges
 * that wait for one. Confined to the loop.
 */
final class EndpointPool implements EndpointConnection.Owner {
  private final LoopEndpoints endpoints;
  private final EndpointAddress.Network address;
  private final List<EndpointConnection> connections = new ArrayList<>();
  private final Map<EndpointConnection, InetAddress> placed = new HashMap<>();
  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
  private final Set<InetAddress> tried = new HashSet<>();
  private List<InetAddress> addresses = List.of();
  private long lookedUpNanos;
  private boolean lookingUp;
  private boolean serving;

  /** Whether each exchange needs a connection of its own, as far as is known. */
  private boolean oneAtATime;

  EndpointPool(LoopEndpoints endpoints, EndpointAddress.Network address) {
    this.endpoints = endpoints;
    this.address = address;
    this.oneAtATime = address.http11();
  }

  void open(Exchange exchange) {
    EndpointConnection free = waiting.isEmpty() ? leastBusy() : null;
    if (free != null) {
      free.open(exchange);
      if (addressesAreOld()) {
        lookUp();
      }
      return;
    }
    waiting.add(exchange);
    if (addresses.isEmpty() || addressesAreOld()) {
      lookUp();
    } else {
      connectForWaiting();
    }
  }

  private @Nullable EndpointConnection leastBusy() {
    EndpointConnection best = null;
    int most = 0;
    for (int i = 0; i < connections.size(); i++) {
      int room = connections.get(i).room();
      if (room > most) {
        most = room;
        best = connections.get(i);
      }
    }
    return best;
  }

  // ---- names ----

  private boolean addressesAreOld() {
    return System.nanoTime() - lookedUpNanos > endpoints.options().lookUpEvery().toNanos();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Both of its ends come to found().
  private void lookUp() {
    if (lookingUp) {
      return;
    }
    lookingUp = true;
    String host = address.host();
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      found(literal(host), null);
      return;
    }
    EventLoop loop = endpoints.loop();
    endpoints
        .names()
        .lookUp(host)
        .whenComplete((found, error) -> loop.execute(() -> found(found, error)));
  }

  private static List<InetAddress> literal(String host) {
    try {
      return List.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Expected " + host + " to be a literal address", e);
    }
  }

  private void found(@Nullable List<InetAddress> found, @Nullable Throwable error) {
    lookingUp = false;
    lookedUpNanos = System.nanoTime();
    if (found == null || found.isEmpty()) {
      // An older answer is better than none.
      if (addresses.isEmpty() && connections.isEmpty()) {
        String reason = error == null ? "no address" : String.valueOf(error.getMessage());
        failWaiting("cannot find " + address.host() + ": " + reason);
      }
      return;
    }
    addresses = found;
    for (InetAddress each : found) {
      if (count(each) == 0 && (connections.isEmpty() || spread())) {
        connect(each);
      }
    }
    if (!waiting.isEmpty()) {
      connectForWaiting();
    }
  }

  /** The addresses of localhost are one machine: whichever answers will do. */
  private boolean spread() {
    return !address.host().equals("localhost");
  }

  // ---- connections ----

  private void connectForWaiting() {
    int onTheirWay = 0;
    for (EndpointConnection each : connections) {
      onTheirWay += each.greeted() ? 0 : 1;
    }
    if (!oneAtATime) {
      // One on its way serves many; more are made when those are known to be full.
      if (onTheirWay == 0) {
        connectWhereFewest(endpoints.options().connectionsPerAddress());
      }
      return;
    }
    int missing = waiting.size() - onTheirWay;
    boolean made = true;
    for (int i = 0; i < missing && made; i++) {
      made = connectWhereFewest(endpoints.options().http1ConnectionsPerAddress());
    }
  }

  private boolean connectWhereFewest(int limit) {
    InetAddress emptiest = null;
    int fewest = limit;
    for (InetAddress each : addresses) {
      int here = count(each);
      if (here < fewest) {
        fewest = here;
        emptiest = each;
      }
    }
    if (emptiest != null) {
      connect(emptiest);
    }
    return emptiest != null;
  }

  private int count(InetAddress at) {
    int count = 0;
    for (InetAddress each : placed.values()) {
      count += each.equals(at) ? 1 : 0;
    }
    return count;
  }

  private void connect(InetAddress at) {
    EndpointConnection made =
        endpoints.connector().connect(new InetSocketAddress(at, address.port()), address, this);
    connections.add(made);
    placed.put(made, at);
    tried.add(at);
  }

  @Override
  public void hasRoom(EndpointConnection connection) {
    tried.clear();
    oneAtATime = address.http11() || connection.oneAtATime();
    if (waiting.isEmpty() || serving) {
      return;
    }
    serving = true;
    // Later, not here: this is told in the middle of closing a stream.
    endpoints.loop().execute(this::serve);
  }

  private void serve() {
    serving = false;
    while (!waiting.isEmpty()) {
      if (!waiting.peek().listening()) {
        waiting.poll();
        continue;
      }
      EndpointConnection free = leastBusy();
      if (free == null) {
        connectForWaiting();
        break;
      }
      free.open(waiting.poll());
    }
    endpoints.flush();
  }

  @Override
  public void written(EndpointConnection connection) {
    endpoints.written(connection);
  }

  @Override
  public void readComplete() {
    endpoints.flush();
  }

  @Override
  public void closed(EndpointConnection connection, StreamFailure why) {
    if (placed.remove(connection) == null) {
      return;
    }
    connections.remove(connection);
    if (why.kind() == Kind.BROKEN) {
      // Whoever closed may have moved: ask for the addresses again before the next connection.
      lookedUpNanos = System.nanoTime() - endpoints.options().lookUpEvery().toNanos() - 1;
    }
    if (connections.isEmpty()) {
      InetAddress other = waiting.isEmpty() ? null : untried();
      if (other != null) {
        connect(other);
      } else if (why.kind() == Kind.BROKEN && !waiting.isEmpty()) {
        lookUp();
      } else {
        tried.clear();
        failWaiting(why);
      }
      endpoints.unused(this);
    } else if (oneAtATime && !waiting.isEmpty()) {
      goOnWithout(why);
    }
  }

  /** A connection is gone that one of those who wait may have been promised. */
  private void goOnWithout(StreamFailure why) {
    if (why.kind() == Kind.CONNECT) {
      waiting.remove().fail(why);
    } else {
      connectForWaiting();
    }
  }

  private @Nullable InetAddress untried() {
    for (InetAddress each : addresses) {
      if (!tried.contains(each)) {
        return each;
      }
    }
    return null;
  }

  private void failWaiting(String reason) {
    failWaiting(new StreamFailure(Kind.CONNECT, reason, true));
  }

  private void failWaiting(StreamFailure why) {
    List<Exchange> all = new ArrayList<>(waiting);
    waiting.clear();
    all.forEach(exchange -> exchange.fail(why));
  }

  int streams() {
    return connections.stream().mapToInt(EndpointConnection::streams).sum();
  }

  int size() {
    return connections.size();
  }

  boolean idle() {
    return connections.isEmpty() && waiting.isEmpty() && !lookingUp;
  }

  EndpointAddress.Network address() {
    return address;
  }

  void close() {
    List.copyOf(connections).forEach(EndpointConnection::close);
    failWaiting("this node is stopping");
  }
}
