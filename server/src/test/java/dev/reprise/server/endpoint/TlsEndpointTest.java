package dev.reprise.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.server.net.EventLoops;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints with TLS: which protocol is spoken, and who is believed. */
class TlsEndpointTest {
  @TempDir static Path directory;
  static TestCertificates certificates;

  private final EventLoops loops = EventLoops.open(1);

  @BeforeAll
  static void make() throws Exception {
    certificates = TestCertificates.make(directory, "ip:127.0.0.1");
  }

  @AfterEach
  void close() {
    loops.close();
  }

  private LoopEndpoints trusting(EndpointTrust trust) {
    return new LoopEndpoints(
        loops.loop(0).eventLoop(),
        loops.channel(),
        EndpointOptions.DEFAULTS,
        new EndpointMeans(HostNames.system(), trust, RequestSigner.NONE, Functions.NONE));
  }

  private static ScriptedEndpoint http2() throws Exception {
    SslContext tls =
        SslContextBuilder.forServer(certificates.keys())
            .sslProvider(SslProvider.JDK)
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    "h2"))
            .build();
    return new ScriptedEndpoint(
        peer -> {
          String sent = new String(peer.read(5), StandardCharsets.UTF_8);
          peer.head(200);
          peer.send((sent + " at " + peer.path()).getBytes(StandardCharsets.UTF_8));
          peer.end();
        },
        tls);
  }

  private Talk talk(LoopEndpoints endpoints, String host, int port, boolean http11) {
    EndpointAddress address =
        EndpointAddress.of(
            new DeploymentAddress.Http("https://" + host + ":" + port + "/pre/", http11));
    return Talk.begin(loops.loop(0), endpoints, address, "/hello");
  }

  @Test
  void anEndpointThatPrefersHttp2IsSpokenToSo() throws Exception {
    try (ScriptedEndpoint endpoint = http2();
        LoopEndpoints endpoints = trusting(EndpointTrust.alsoOf(certificates.pem()))) {
      for (int i = 0; i < 3; i++) {
        Talk talk = talk(endpoints, "127.0.0.1", endpoint.port(), false).send("hello").end();
        assertThat(talk.awaitOver()).isEqualTo("hello at /pre/hello");
      }
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @Test
  void anEndpointThatKnowsHttp11OnlyIsSpokenToSo() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(certificates.keys().getKeyManagers(), null, null);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    int port = server.getAddress().getPort();
    try (LoopEndpoints endpoints = trusting(EndpointTrust.alsoOf(certificates.pem()))) {
      for (int i = 0; i < 4; i++) {
        // Also where nothing else is offered.
        Talk talk = talk(endpoints, "127.0.0.1", port, i >= 2).send("hello").end();
        assertThat(talk.awaitOver()).isEqualTo("hello");
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void manyExchangesAtOnceWithAnEndpointThatTurnsOutToKnowHttp11Only() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(certificates.keys().getKeyManagers(), null, null);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    int count = 12;
    var together = new CountDownLatch(count);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          together.countDown();
          try {
            boolean met = together.await(20, TimeUnit.SECONDS);
            exchange.sendResponseHeaders(met ? 204 : 500, -1);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
    int port = server.getAddress().getPort();
    try (LoopEndpoints endpoints = trusting(EndpointTrust.alsoOf(certificates.pem()))) {
      List<Talk> talks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        talks.add(talk(endpoints, "127.0.0.1", port, false));
      }
      for (Talk each : talks) {
        each.end();
      }
      for (Talk each : talks) {
        assertThat(each.awaitHead().status()).isEqualTo(204);
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aStrangerIsNotBelieved() throws Exception {
    try (ScriptedEndpoint endpoint = http2();
        LoopEndpoints endpoints = trusting(EndpointTrust.platform())) {
      StreamFailure failure = talk(endpoints, "127.0.0.1", endpoint.port(), false).awaitFailure();

      assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.CONNECT);
      assertThat(failure.message()).contains("no TLS connection").contains("certification path");
      assertThat(endpoint.exchanges()).isZero();
    }
  }

  @Test
  void aCertificateOfAnotherHostIsNotBelieved() throws Exception {
    try (ScriptedEndpoint endpoint = http2();
        LoopEndpoints endpoints = trusting(EndpointTrust.alsoOf(certificates.pem()))) {
      StreamFailure failure = talk(endpoints, "localhost", endpoint.port(), false).awaitFailure();

      assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.CONNECT);
      assertThat(failure.message()).contains("localhost");
    }
  }

  @Test
  void anEndpointWithoutTlsIsSaid() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(peer -> {});
        LoopEndpoints endpoints = trusting(EndpointTrust.platform())) {
      StreamFailure failure = talk(endpoints, "127.0.0.1", endpoint.port(), false).awaitFailure();

      assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.CONNECT);
    }
  }

  @Test
  void aFileWithoutCertificatesIsRefusedByName() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing\n");

    assertThatThrownBy(() -> EndpointTrust.alsoOf(empty))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Expected certificates in PEM in " + empty);
  }
}
