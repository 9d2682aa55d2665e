package dev.reprise.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.server.net.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints that speak HTTP/1.1, played by the JDK's server. */
class Http1EndpointTest {
  private final EventLoops loops = EventLoops.open(1);
  private final LoopEndpoints endpoints =
      new LoopEndpoints(
          loops.loop(0).eventLoop(), loops.channel(), EndpointOptions.DEFAULTS, HostNames.system());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void close() {
    endpoints.close();
    loops.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private interface Script {
    void play(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private void serve(String path, Script script) {
    server.createContext(
        path,
        exchange -> {
          clientPorts.add(exchange.getRemoteAddress().getPort());
          try (exchange) {
            script.play(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private EndpointAddress address() {
    return EndpointAddress.of(new DeploymentAddress.Http(uri(), true));
  }

  private String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private Talk talk(String path, String... headers) {
    return Talk.begin(loops.loop(0), endpoints, address(), path, headers);
  }

  @Test
  void aRequestGoesOutInChunksAndTheNextOneOnTheSameConnection() throws Exception {
    serve(
        "/echo",
        exchange -> {
          String kind = exchange.getRequestHeaders().getFirst("transfer-encoding");
          String mine = exchange.getRequestHeaders().getFirst("x-mine");
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("content-type", "text/x");
          exchange.sendResponseHeaders(200, 0);
          exchange
              .getResponseBody()
              .write((kind + " " + mine + " ").getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().write(body);
        });

    for (int i = 0; i < 3; i++) {
      Talk talk = talk("/echo", "x-mine", "1", "content-length", "2").send("one").send("two").end();
      assertThat(talk.awaitOver()).isEqualTo("chunked 1 onetwo");
      assertThat(talk.awaitHead().contentType()).isEqualTo("text/x");
    }
    assertThat(clientPorts).hasSize(1);
  }

  @Test
  void theResponseMayBeginBeforeTheRequestEnds() throws Exception {
    serve(
        "/both",
        exchange -> {
          InputStream in = exchange.getRequestBody();
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          for (int c = in.read(); c >= 0; c = in.read()) {
            out.write(Character.toUpperCase(c));
            out.flush();
          }
        });

    Talk talk = talk("/both").send("a");
    assertThat(talk.awaitPiece()).isEqualTo("A");
    talk.send("b");
    assertThat(talk.awaitPiece()).isEqualTo("B");
    assertThat(talk.end().awaitOver()).isEqualTo("AB");
  }

  @Test
  void exchangesAtOnceHaveAConnectionEach() throws Exception {
    int count = 40;
    CountDownLatch together = new CountDownLatch(count);
    serve(
        "/meet",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          together.countDown();
          boolean met = together.await(20, TimeUnit.SECONDS);
          exchange.sendResponseHeaders(met ? 200 : 500, -1);
        });

    List<Talk> talks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      talks.add(talk("/meet"));
    }
    for (Talk each : talks) {
      each.end();
    }
    for (Talk each : talks) {
      assertThat(each.awaitHead().status()).isEqualTo(200);
    }
    assertThat(clientPorts).hasSize(count);
  }

  @Test
  void anExchangeThatIsGivenUpTakesItsConnectionAlongAndNothingElse() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    serve(
        "/silent",
        exchange -> {
          asked.countDown();
          exchange.getRequestBody().readAllBytes();
        });
    serve("/fine", exchange -> exchange.sendResponseHeaders(204, -1));

    Talk silent = talk("/silent").send("x");
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    silent.reset();

    assertThat(talk("/fine").end().awaitHead().status()).isEqualTo(204);
    assertThat(clientPorts).hasSize(2);
  }

  @Test
  void aConnectionThatBreaksIsToldAndNotUsedAgain() throws Exception {
    serve(
        "/half",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write("some".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          throw new IOException("on purpose");
        });
    serve("/fine", exchange -> exchange.sendResponseHeaders(204, -1));

    StreamFailure failure = talk("/half").end().awaitFailure();

    assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.BROKEN);
    assertThat(failure.untouched()).isFalse();
    assertThat(talk("/fine").end().awaitHead().status()).isEqualTo(204);
  }

  @Test
  void aResponseIsReadNoFasterThanItIsConsumed() throws Exception {
    int size = 32 << 20;
    CountDownLatch written = new CountDownLatch(1);
    serve(
        "/large",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, 0);
          byte[] piece = new byte[1 << 20];
          for (int i = 0; i < size; i += piece.length) {
            exchange.getResponseBody().write(piece);
          }
          written.countDown();
        });

    Talk talk = talk("/large").stopConsuming().end();
    talk.awaitPiece();
    assertThat(written.await(500, TimeUnit.MILLISECONDS)).as("the server is held up").isFalse();
    talk.consume(size);

    assertThat(talk.awaitOver()).hasSize(size);
  }

  @Test
  void aServerThatClosesEachConnectionIsAskedOnANewOne() throws Exception {
    serve(
        "/once",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("connection", "close");
          exchange.sendResponseHeaders(204, -1);
        });

    for (int i = 0; i < 3; i++) {
      assertThat(talk("/once").end().awaitHead().status()).isEqualTo(204);
    }
    assertThat(clientPorts).hasSize(3);
  }

  @Test
  void whatIsNotHttpIsAnErrorAndNothingElse() throws Exception {
    try (ServerSocket odd = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      threads.execute(
          () -> {
            try (Socket socket = odd.accept()) {
              socket.getOutputStream().write("HELLO\r\n\r\n".getBytes(StandardCharsets.UTF_8));
              socket.getInputStream().readAllBytes();
            } catch (IOException e) {
              // The other side has seen enough.
            }
          });
      EndpointAddress there =
          EndpointAddress.of(
              new DeploymentAddress.Http("http://127.0.0.1:" + odd.getLocalPort() + "/", true));
      Talk talk = Talk.begin(loops.loop(0), endpoints, there, "/x").end();

      assertThat(talk.awaitFailure().message()).contains("does not speak HTTP/1.1");
    }
  }

  @Test
  void nobodyThereIsSaid() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    EndpointAddress there =
        EndpointAddress.of(new DeploymentAddress.Http("http://127.0.0.1:" + port + "/", true));

    StreamFailure failure = Talk.begin(loops.loop(0), endpoints, there, "/x").awaitFailure();

    assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.CONNECT);
    assertThat(failure.untouched()).isTrue();
  }

  @Test
  void anEndpointIsDiscoveredAndOneOfTheNewerHttpIsNot() throws Exception {
    serve(
        "/discover",
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("content-type", "application/vnd.restate.endpointmanifest.v4+json");
          exchange.sendResponseHeaders(200, 0);
          exchange
              .getResponseBody()
              .write(
                  ("{\"protocolMode\":\"REQUEST_RESPONSE\",\"minProtocolVersion\":5,"
                          + "\"maxProtocolVersion\":6,\"services\":[]}")
                      .getBytes(StandardCharsets.UTF_8));
        });
    EndpointDiscovery discovery = new EndpointDiscovery(endpoints, loops.loop(0), "c");

    assertThat(
            discovery
                .discover(new DeploymentAddress.Http(uri(), true), Map.of())
                .get(20, TimeUnit.SECONDS)
                .services())
        .isEmpty();
    try (ScriptedEndpoint newer = new ScriptedEndpoint(peer -> {})) {
      ExecutionException refusal =
          Objects.requireNonNull(
              catchThrowableOfType(
                  ExecutionException.class,
                  () ->
                      discovery
                          .discover(new DeploymentAddress.Http(newer.uri(), true), Map.of())
                          .get(20, TimeUnit.SECONDS)));
      assertThat(refusal.getCause())
          .isInstanceOfSatisfying(
              DiscoveryException.class, it -> assertThat(it.code()).isEqualTo("META0003"));
    }
  }
}
