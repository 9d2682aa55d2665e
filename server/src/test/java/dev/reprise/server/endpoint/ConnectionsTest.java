package dev.reprise.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.net.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections there are, and how long. */
class ConnectionsTest {
  private static final long DEADLINE_SECONDS = 20;

  private final EventLoops loops = EventLoops.open(1);

  @AfterEach
  void close() {
    loops.close();
  }

  private LoopEndpoints endpoints(EndpointOptions options, HostNames names) {
    return new LoopEndpoints(loops.loop(0).eventLoop(), loops.channel(), options, names);
  }

  private static EndpointOptions options(Duration ping, Duration idle) {
    EndpointOptions of = EndpointOptions.DEFAULTS;
    return new EndpointOptions(
        of.connectTimeout(),
        ping,
        ping,
        idle,
        of.lookUpEvery(),
        of.streamsPerConnection(),
        of.connectionsPerAddress(),
        of.http1ConnectionsPerAddress(),
        of.streamWindow());
  }

  private static HostNames names(String... addresses) {
    List<InetAddress> all = Arrays.stream(addresses).map(ConnectionsTest::address).toList();
    return host -> CompletableFuture.completedFuture(all);
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Asks for a status, or why there is none. */
  private CompletableFuture<String> ask(LoopEndpoints endpoints, String uri) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    EndpointAddress address = EndpointAddress.parse(uri);
    EndpointRequest request =
        new EndpointRequest(
            address, EndpointRequest.GET, AsciiString.of("/health"), "", new AsciiString[0]);
    loops
        .loop(0)
        .execute(
            () -> {
              endpoints.open(request, new Asking(answer));
              endpoints.flush();
            });
    return answer;
  }

  private record Asking(CompletableFuture<String> answer) implements StreamListener {
    @Override
    public void opened(EndpointStream stream) {
      stream.end();
    }

    @Override
    public void head(ResponseHead head) {
      answer.complete("status " + head.status());
    }

    @Override
    public void data(ByteBuf data) {}

    @Override
    public void readComplete() {}

    @Override
    public void writable() {}

    @Override
    public void ended() {}

    @Override
    public void failed(StreamFailure failure) {
      answer.complete(failure.kind() + ": " + failure.message());
    }
  }

  private static void ok(ScriptedEndpoint.Peer peer) {
    peer.head(200);
    peer.end();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Expected in time: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private int connections(LoopEndpoints endpoints) {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    loops.loop(0).execute(() -> count.complete(endpoints.connections()));
    return count.join();
  }

  @Test
  void aNameWithSeveralAddressesGetsAConnectionToEach() throws Exception {
    HostNames names = names("127.0.0.1", "127.0.0.2", "127.0.0.3");
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(ConnectionsTest::ok);
        LoopEndpoints endpoints = endpoints(EndpointOptions.DEFAULTS, names)) {
      String uri = "http://many.example:" + endpoint.port();
      assertThat(ask(endpoints, uri).get(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo("status 200");
      await("all connected", () -> endpoint.connections() == 3);
      assertThat(endpoint.reachedAt())
          .containsExactlyInAnyOrder("127.0.0.1", "127.0.0.2", "127.0.0.3");
    }
  }

  @Test
  void theAddressesOfLocalhostAreTriedOneAfterTheOther() throws Exception {
    HostNames names = names("::1", "127.0.0.1");
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(ConnectionsTest::ok);
        LoopEndpoints endpoints = endpoints(EndpointOptions.DEFAULTS, names)) {
      String uri = "http://localhost:" + endpoint.port();
      assertThat(ask(endpoints, uri).get(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo("status 200");
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @Test
  void aNameThatNobodyKnowsIsSaid() throws Exception {
    HostNames nobody =
        host -> CompletableFuture.failedFuture(new UnknownHostException("never heard of"));
    try (LoopEndpoints endpoints = endpoints(EndpointOptions.DEFAULTS, nobody)) {
      assertThat(ask(endpoints, "http://nowhere.example").get(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo("CONNECT: cannot find nowhere.example: never heard of");
    }
  }

  @Test
  void aConnectionThatIsClosedIsReplacedAndItsNameLookedUpAgain() throws Exception {
    CompletableFuture<Void> again = new CompletableFuture<>();
    HostNames counting =
        new HostNames() {
          private int asked;

          @Override
          public CompletableFuture<List<InetAddress>> lookUp(String host) {
            asked++;
            if (asked == 2) {
              again.complete(null);
            }
            return CompletableFuture.completedFuture(List.of(address("127.0.0.1")));
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(ConnectionsTest::ok);
        LoopEndpoints endpoints = endpoints(EndpointOptions.DEFAULTS, counting)) {
      String uri = "http://one.example:" + endpoint.port();
      ask(endpoints, uri).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      endpoint.closeConnections();
      await("the connection is gone", () -> connections(endpoints) == 0);
      assertThat(ask(endpoints, uri).get(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo("status 200");
      assertThat(again).isCompleted();
    }
  }

  @Test
  void aConnectionThatNobodyUsesIsClosed() throws Exception {
    EndpointOptions hasty = options(Duration.ofMillis(30), Duration.ofMillis(50));
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(ConnectionsTest::ok);
        LoopEndpoints endpoints = endpoints(hasty, HostNames.system())) {
      ask(endpoints, endpoint.uri()).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      assertThat(connections(endpoints)).isEqualTo(1);
      await("the connection is gone", () -> connections(endpoints) == 0);
    }
  }

  @Test
  void aPeerThatDoesNotAnswerPingsIsGivenUp() throws Exception {
    EndpointOptions hasty = options(Duration.ofMillis(50), Duration.ofMinutes(1));
    byte[] greeting = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    try (ServerSocket silent = new ServerSocket(0);
        LoopEndpoints endpoints = endpoints(hasty, HostNames.system())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = silent.accept()) {
                  socket.getOutputStream().write(greeting);
                  socket.getInputStream().readAllBytes();
                } catch (java.io.IOException e) {
                  // The other side has given up, as it should.
                }
              });
      String uri = "http://127.0.0.1:" + silent.getLocalPort();
      assertThat(ask(endpoints, uri).get(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo("BROKEN: the endpoint does not answer pings");
    }
  }
}
