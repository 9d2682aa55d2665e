package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.server.endpoint.TestCertificates;
import dev.reprise.server.grpc.NodeTls.Sources;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes show certificates to each other, and take new ones as the files have them. */
@Timeout(120)
class NodeTlsTest {
  @TempDir Path directory;
  private Sources ours;
  private NodeTls tls;
  private GrpcDoor door;

  @BeforeEach
  void open() throws Exception {
    ours = made("ours");
    tls = NodeTls.of(ours);
    door =
        GrpcDoor.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            tls,
            List.of(),
            List.of(),
            1 << 20);
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void whoShowsABelievedCertificateIsLetIn() {
    assertThat(call(tls)).isEqualTo(Status.Code.OK);
  }

  @Test
  void whoShowsAForeignOneOrNoneIsNot() throws Exception {
    Sources foreign = made("foreign");
    Sources liar = new Sources(foreign.certificate(), foreign.key(), ours.trust());

    // It believes us, but we do not believe it.
    assertThat(call(NodeTls.of(liar))).isEqualTo(Status.Code.UNAVAILABLE);
    // It does not believe us either.
    assertThat(call(NodeTls.of(foreign))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(call(NodeTls.NONE)).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aCertificateForAnotherHostIsNotBelieved() throws Exception {
    Sources elsewhere = made("elsewhere", "dns:elsewhere.test");
    door.close();
    door =
        GrpcDoor.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            NodeTls.of(elsewhere),
            List.of(),
            List.of(),
            1 << 20);

    assertThat(call(NodeTls.of(elsewhere))).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aChangedFileIsTakenUpWithoutARestart() throws Exception {
    Sources next = made("next");
    assertThat(tls.reload()).isFalse();

    replace(next.certificate(), ours.certificate());
    // The key of another certificate is there for a moment: nothing changes.
    assertThat(tls.reload()).isFalse();
    replace(next.key(), ours.key());
    replace(next.trust(), ours.trust());
    assertThat(tls.reload()).isTrue();

    assertThat(call(NodeTls.of(next))).isEqualTo(Status.Code.OK);
    assertThat(call(tls)).isEqualTo(Status.Code.OK);
  }

  @Test
  void aBrokenFileChangesNothing() throws Exception {
    Files.writeString(ours.certificate(), "no certificate");

    assertThat(tls.reload()).isFalse();
    assertThat(call(tls)).isEqualTo(Status.Code.OK);
  }

  @Test
  void whatCannotBeReadIsNamed() throws Exception {
    Path nothing = directory.resolve("nothing.pem");
    Sources other = made("other");

    assertThatThrownBy(() -> NodeTls.of(new Sources(nothing, ours.key(), ours.trust())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Expected a certificate in " + nothing);
    assertThatThrownBy(
            () -> NodeTls.of(new Sources(ours.certificate(), ours.trust(), ours.trust())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Expected a private key as PKCS 8");
    assertThatThrownBy(() -> NodeTls.of(new Sources(ours.certificate(), other.key(), ours.trust())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("to be that of the first certificate in " + ours.certificate());
  }

  private Sources made(String name) throws Exception {
    return made(name, "ip:127.0.0.1");
  }

  /** A certificate that vouches for itself. */
  private Sources made(String name, String host) throws Exception {
    Path own = Files.createDirectory(directory.resolve(name));
    TestCertificates certificates = TestCertificates.make(own, host);
    Path trust = Files.copy(certificates.pem(), own.resolve("trust.pem"));
    return new Sources(certificates.pem(), certificates.key(), trust);
  }

  private static void replace(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private Status.Code call(NodeTls caller) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", door.port(), caller.channel()).build();
    try {
      ServingStatus status =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus();
      assertThat(status).isEqualTo(ServingStatus.SERVING);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    } finally {
      channel.shutdownNow();
    }
  }
}
