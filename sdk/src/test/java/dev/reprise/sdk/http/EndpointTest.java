package dev.reprise.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.core.ProtocolMessage;
import dev.reprise.sdk.core.Told;
import dev.reprise.sdk.core.Wire;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The endpoint over real sockets, as a server meets it. */
@Timeout(60)
class EndpointTest {
  private static final String MANIFESTS =
      "application/vnd.restate.endpointmanifest.v1+json, application/vnd.restate.endpointmanifest.v2+json, "
          + "application/vnd.restate.endpointmanifest.v3+json, application/vnd.restate.endpointmanifest.v4+json";

  @Service
  static class Echo {
    private static final int SENDS = 3000;

    final AtomicInteger sent = new AtomicInteger();
    final CountDownLatch finished = new CountDownLatch(1);
    final CountDownLatch inStep = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    @Handler
    byte[] echo(byte[] input) {
      return input;
    }

    @Handler
    void flood(Context ctx) {
      String text = "x".repeat(10_000);
      for (int i = 0; i < SENDS; i++) {
        ctx.send(Target.service("Sink", "take"), text);
        sent.incrementAndGet();
      }
      finished.countDown();
    }

    @Handler
    void hold(Context ctx) {
      ctx.run(
          "hold",
          () -> {
            inStep.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              interrupted.countDown();
              throw e;
            }
          });
    }
  }

  private final Echo echo = new Echo();
  private ServingEndpoint endpoint;
  private Http2Peer peer;

  @BeforeEach
  void listen() {
    endpoint = Endpoint.bind(echo).listen(0);
    peer = new Http2Peer(endpoint.port());
  }

  @AfterEach
  void close() {
    peer.close();
    endpoint.close();
  }

  private static byte[] frames(ProtocolMessage... messages) {
    var buffer = Frames.encode(List.of(messages), UnpooledByteBufAllocator.DEFAULT);
    try {
      return ByteBufUtil.getBytes(buffer);
    } finally {
      buffer.release();
    }
  }

  private static byte[] beginning(String input) {
    return frames(
        new ProtocolMessage(
            MessageType.START,
            StartMessage.newBuilder()
                .setKnownEntries(1)
                .setId(ByteString.copyFromUtf8("0123456789abcdef01234567"))
                .build()),
        Wire.input(input));
  }

  // ---- discovery ----

  @Test
  void discoveryAnswersTheNewestManifestThatTheServerNames() throws Exception {
    var answer = peer.get("/discover", Map.of("accept", MANIFESTS));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type"))
        .isEqualTo("application/vnd.restate.endpointmanifest.v4+json");
    assertThat(answer.text()).contains("\"BIDI_STREAM\"", "\"Echo\"", "\"flood\"");
  }

  @Test
  void discoveryIgnoresAPrefixOfThePathAndTheQuery() throws Exception {
    assertThat(peer.get("/some/prefix/discover?x=y", Map.of("accept", MANIFESTS)).status())
        .isEqualTo(200);
  }

  @Test
  void discoveryRefusesAServerThatKnowsNoManifestOfOurs() throws Exception {
    assertThat(peer.get("/discover", Map.of("accept", "application/json")).status()).isEqualTo(415);
    assertThat(peer.get("/discover", Map.of()).status()).isEqualTo(415);
  }

  @Test
  void overHttp1TheEndpointOffersRequestAndResponse() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(endpoint.uri().resolve("/discover"))
              .version(HttpClient.Version.HTTP_1_1)
              .header("accept", MANIFESTS)
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"REQUEST_RESPONSE\"");
    }
  }

  // ---- refusals ----

  @Test
  void healthIsAnswered() throws Exception {
    assertThat(peer.get("/health", Map.of()).text()).isEqualTo("OK");
  }

  @Test
  void whatIsNotServedIs404() throws Exception {
    assertThat(peer.get("/", Map.of()).status()).isEqualTo(404);
    var unknown = peer.invoke("/invoke/Echo/unknown").end();
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).contains("message", "Echo/unknown");
    assertThat(peer.invoke("/invoke/Other/echo").end().status()).isEqualTo(404);
  }

  @Test
  void aProtocolVersionThatWeDoNotSpeakIs415() throws Exception {
    for (String type : List.of("application/vnd.restate.invocation.v4", "text/plain")) {
      var answer =
          peer.open(HttpMethod.POST, "/invoke/Echo/echo", Map.of("content-type", type)).end();
      assertThat(answer.status()).as(type).isEqualTo(415);
    }
    var none = peer.open(HttpMethod.POST, "/invoke/Echo/echo", Map.of()).end();
    assertThat(none.status()).isEqualTo(415);
  }

  @Test
  void moreAttemptsThanAllowedAreAskedToComeLater() throws Exception {
    try (var small = Endpoint.bind(echo).maxAttempts(1).listen(0);
        var server = new Http2Peer(small.port())) {
      var first = server.invoke("/invoke/Echo/echo");
      assertThat(first.status()).isEqualTo(200);

      var second = server.invoke("/invoke/Echo/echo").end();
      assertThat(second.status()).isEqualTo(503);
      assertThat(second.header("retry-after")).isEqualTo("1");

      first.send(beginning("x")).end().ends();
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    assertThatThrownBy(() -> Endpoint.bind(echo).listen(endpoint.port()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("port " + endpoint.port());
  }

  // ---- attempts ----

  @Test
  void theHeadComesBeforeTheFirstFrame() throws Exception {
    var stream = peer.invoke("/invoke/Echo/echo");
    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.header("content-type")).isEqualTo("application/vnd.restate.invocation.v6");
    stream.end().ends();
  }

  @Test
  void anAttemptIsAnsweredAndEndsAfterItsRequest() throws Exception {
    byte[] expected = frames(Wire.output("hello"), Wire.end());
    var stream = peer.invoke("/invoke/Echo/echo").send(beginning("hello"));
    assertThat(stream.take(expected.length)).isEqualTo(expected);
    assertThat(stream.hasEnded()).isFalse();
    stream.end().ends();
  }

  @Test
  void framesMayComeInAnyPieces() throws Exception {
    byte[] expected = frames(Wire.output("hello"), Wire.end());
    var stream = peer.invoke("/invoke/Echo/echo");
    for (byte piece : beginning("hello")) {
      stream.send(new byte[] {piece});
    }
    assertThat(stream.end().take(expected.length)).isEqualTo(expected);
    stream.ends();
  }

  @Test
  void overHttp1AnAttemptIsAnsweredToo() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(endpoint.uri() + "/invoke/Echo/echo"))
              .version(HttpClient.Version.HTTP_1_1)
              .header("content-type", "application/vnd.restate.invocation.v6")
              .POST(HttpRequest.BodyPublishers.ofByteArray(beginning("hello")))
              .build();
      for (int twice = 0; twice < 2; twice++) {
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.body()).isEqualTo(frames(Wire.output("hello"), Wire.end()));
      }
    }
  }

  @Test
  void aFrameThatIsTooLargeFailsTheAttemptAndNothingElse() throws Exception {
    var header = ByteBuffer.allocate(MessageFraming.HEADER_BYTES);
    header.putLong(MessageFraming.header(MessageType.START, Frames.MAX_PAYLOAD + 1));
    var broken = peer.invoke("/invoke/Echo/echo").send(header.array()).end();
    assertThat(broken.text()).contains("Expected a frame of at most");

    anAttemptIsAnsweredAndEndsAfterItsRequest();
  }

  @Test
  void aRequestThatEndsInsideAFrameFailsTheAttempt() throws Exception {
    byte[] whole = beginning("hello");
    var broken =
        peer.invoke("/invoke/Echo/echo").send(Arrays.copyOf(whole, whole.length - 1)).end();
    assertThat(broken.text()).contains("in the middle of");
  }

  @Test
  void aResetStreamInterruptsTheHandler() throws Exception {
    var stream = peer.invoke("/invoke/Echo/hold").send(beginning(""));
    assertThat(echo.inStep.await(10, TimeUnit.SECONDS)).isTrue();
    stream.reset();
    assertThat(echo.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aLostConnectionInterruptsTheHandler() throws Exception {
    peer.invoke("/invoke/Echo/hold").send(beginning(""));
    assertThat(echo.inStep.await(10, TimeUnit.SECONDS)).isTrue();
    peer.close();
    assertThat(echo.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aHandlerWaitsForAServerThatDoesNotRead() throws Exception {
    var stream = peer.invoke("/invoke/Echo/flood").reads(false).send(beginning(""));

    assertThat(echo.finished.await(500, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(echo.sent.get() * 10_000L).as("bytes that wait").isLessThan(1024 * 1024);

    stream.reads(true);
    assertThat(echo.finished.await(20, TimeUnit.SECONDS)).isTrue();
    stream.end().ends();
    assertThat(stream.size()).isGreaterThan(Echo.SENDS * 10_000);
  }

  @Test
  void closingLetsARunningAttemptEnd() throws Exception {
    var stream = peer.invoke("/invoke/Echo/hold").send(beginning(""));
    assertThat(echo.inStep.await(10, TimeUnit.SECONDS)).isTrue();

    Thread closing = Thread.ofVirtual().start(endpoint::close);
    echo.release.countDown();

    byte[] expected = frames(Wire.run(1, "hold"), Wire.propose(1, ""));
    assertThat(stream.take(expected.length)).isEqualTo(expected);
    byte[] rest = frames(Wire.output(""), Wire.end());
    stream.send(frames(Told.runDone(1, ""))).end();
    assertThat(stream.take(rest.length)).isEqualTo(rest);
    closing.join();
  }
}
