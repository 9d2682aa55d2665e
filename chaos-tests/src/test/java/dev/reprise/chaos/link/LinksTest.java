package dev.reprise.chaos.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.chaos.rig.Eventually;
import dev.reprise.chaos.rig.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links are cut in one direction or both, slowed, broken and healed. This process is node 0. */
@Timeout(30)
class LinksTest {
  private static final int NODE = 1;
  private static final int SHORT_MILLIS = 300;
  private static final int LONG_MILLIS = 20_000;

  private final AtomicInteger heard = new AtomicInteger();
  private final ProxyLinks links =
      new ProxyLinks(
          2, ProxyLinks.processes(2, node -> node == 0 ? ProcessHandle.current().pid() : -1));
  private ServerSocket server;
  private Socket client;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(SocketOwner.canTell(), "needs /proc/net/tcp");
    server = new ServerSocket();
    server.bind(ProxyLinks.at("127.0.0.1", 0));
    Thread.ofVirtual().start(this::echo);
    int port = Ports.free();
    links.add(
        NODE,
        ProxyLinks.at("127.0.0.1", port),
        () -> new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
    client = new Socket(InetAddress.getLoopbackAddress(), port);
    client.setSoTimeout(LONG_MILLIS);
  }

  @AfterEach
  void stop() throws IOException {
    links.close();
    if (client != null) {
      client.close();
      server.close();
    }
  }

  private void echo() {
    try (Socket one = server.accept()) {
      for (int read = one.getInputStream().read(); read >= 0; read = one.getInputStream().read()) {
        heard.incrementAndGet();
        one.getOutputStream().write(read);
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private int ask(int what) throws IOException {
    client.getOutputStream().write(what);
    return client.getInputStream().read();
  }

  @Test
  void whatIsCutOneWayArrivesOnceItIsHealed() throws Exception {
    assertThat(ask(1)).isEqualTo(1);

    links.cut(0, NODE);
    client.setSoTimeout(SHORT_MILLIS);
    assertThatThrownBy(() -> ask(2)).isInstanceOf(SocketTimeoutException.class);
    assertThat(heard).hasValue(1);

    links.heal();
    client.setSoTimeout(LONG_MILLIS);
    assertThat(client.getInputStream().read()).isEqualTo(2);
  }

  @Test
  void theOtherWayIsAnotherLink() throws Exception {
    assertThat(ask(1)).isEqualTo(1);

    links.cut(NODE, 0);
    client.setSoTimeout(SHORT_MILLIS);
    assertThatThrownBy(() -> ask(2)).isInstanceOf(SocketTimeoutException.class);
    Eventually.eventually(Duration.ofSeconds(20), () -> assertThat(heard).hasValue(2));

    links.heal();
    client.setSoTimeout(LONG_MILLIS);
    assertThat(client.getInputStream().read()).isEqualTo(2);
  }

  @Test
  void whatIsSlowComesLater() throws Exception {
    assertThat(ask(1)).isEqualTo(1);

    links.delay(0, NODE, Duration.ofMillis(SHORT_MILLIS));
    long begin = System.nanoTime();
    assertThat(ask(2)).isEqualTo(2);

    long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    assertThat(tookMillis).isGreaterThanOrEqualTo(SHORT_MILLIS);
  }

  @Test
  void whatIsResetIsBroken() throws Exception {
    assertThat(ask(1)).isEqualTo(1);

    links.reset(NODE, 0);

    Eventually.eventually(Duration.ofSeconds(20), () -> assertThat(isBroken()).isTrue());
  }

  private boolean isBroken() {
    try {
      return ask(2) < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
