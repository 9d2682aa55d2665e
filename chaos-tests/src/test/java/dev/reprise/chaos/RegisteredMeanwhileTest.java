package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.chaos.rig.Eventually;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.Nodes;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import dev.reprise.server.node.NodeConfig;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node says "there is none" only of what is registered nowhere. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RegisteredMeanwhileTest {
  /** More than a node waits to hear from a majority, twice. */
  private static final Duration BOUND = Duration.ofSeconds(15);

  @RegisterExtension final Storm storm = new Storm();

  private Nodes nodes;

  @Service("first")
  static class First {
    @Handler
    public String echo(Context ctx, String text) {
      return text;
    }
  }

  @Service("second")
  static class Second {
    @Handler
    public String echo(Context ctx, String text) {
      return text;
    }
  }

  @Service("third")
  static class Third {
    @Handler
    public String echo(Context ctx, String text) {
      return text;
    }
  }

  @BeforeEach
  void threeNodes() {
    nodes =
        storm.add(new Nodes(storm.directory(), 3, NodeConfig.Logs.DEFAULT, Duration.ofMinutes(5)));
    nodes.startAll();
  }

  @Test
  void aNodeThatWasAwayServesAtOnceWhatWasRegisteredMeanwhile() throws IOException {
    nodes.stop(3);
    nodes.admin(1).register(storm.serve(new First()).uri());
    nodes.start(3);
    Answer http = nodes.ingress(3).to("first/echo").post("\"Ada\"");
    assertThat(http.expectText()).isEqualTo("\"Ada\"");

    nodes.stop(3);
    nodes.admin(2).register(storm.serve(new Second()).uri());
    nodes.start(3);
    assertThat(grpc(3, "second")).isEqualTo("\"Ada\"");

    nodes.stop(3);
    nodes.admin(1).register(storm.serve(new Third()).uri());
    nodes.start(3);
    assertThat(nodes.admin(3).to("services/third").get().status()).isEqualTo(200);
    assertThat(nodes.admin(3).deployments()).contains("third");
  }

  @Test
  void whatIsRegisteredNowhereIsNotFoundAndWithoutAMajorityNobodyCanSay() throws Exception {
    nodes.admin(1).register(storm.serve(new First()).uri());
    assertThat(nodes.ingress(3).to("nobody/echo").post("1").status()).isEqualTo(404);
    assertThat(nodes.ingress(3).to("first/nothing").post("1").status()).isEqualTo(404);
    assertThat(refused(3, "nobody").getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(nodes.admin(3).to("services/nobody").get().status()).isEqualTo(404);
    assertThat(nodes.admin(3).to("services/first").get().status()).isEqualTo(200);

    nodes.stop(1);
    nodes.stop(2);
    Answer unknown = nodes.ingress(3).to("nobody/echo").within(BOUND).post("1");
    assertThat(unknown.status()).isEqualTo(503);
    assertThat(unknown.text()).contains("Expected to hear").contains("try again");
    assertThat(refused(3, "nobody").getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(nodes.admin(3).to("services/nobody").within(BOUND).get().status()).isEqualTo(503);
    // What it knows is shown all the same.
    assertThat(nodes.admin(3).to("services/first").within(BOUND).get().status()).isEqualTo(200);

    nodes.start(1);
    Eventually.eventually(
        Duration.ofMinutes(1),
        () ->
            assertThat(nodes.ingress(3).to("nobody/echo").within(BOUND).post("1").status())
                .isEqualTo(404));
  }

  private String grpc(int node, String service) {
    ManagedChannel channel = NettyChannelBuilder.forTarget(nodes.grpc(node)).usePlaintext().build();
    try {
      Invoke invoke =
          Invoke.newBuilder()
              .setService(service)
              .setHandler("echo")
              .setContentType("application/json")
              .setBody(ByteString.copyFromUtf8("\"Ada\""))
              .build();
      return IngressGrpc.newBlockingStub(channel)
          .withDeadlineAfter(30, TimeUnit.SECONDS)
          .call(CallRequest.newBuilder().setInvoke(invoke).build())
          .getOutput()
          .getBody()
          .toStringUtf8();
    } finally {
      channel.shutdownNow();
    }
  }

  private StatusRuntimeException refused(int node, String service) {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> grpc(node, service));
    assertThat(refused).isNotNull();
    return refused;
  }
}
