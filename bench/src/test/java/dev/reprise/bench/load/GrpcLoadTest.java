package dev.reprise.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CallResponse;
import dev.reprise.api.ingress.v1.IngressGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GrpcLoadTest {
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private final Doorman doorman = new Doorman();

  /** Answers every third call with an error, and counts how many it has at once. */
  private static final class Doorman extends IngressGrpc.IngressImplBase {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private volatile boolean refuses;
    private volatile String said = "";

    @Override
    public void call(CallRequest request, StreamObserver<CallResponse> answer) {
      most.accumulateAndGet(present.incrementAndGet(), Math::max);
      said =
          request.getInvoke().getService()
              + "/"
              + request.getInvoke().getHandler()
              + " "
              + request.getInvoke().getBody().toStringUtf8();
      boolean refused = refuses && asked.incrementAndGet() % 3 == 0;
      present.decrementAndGet();
      if (refused) {
        answer.onError(Status.UNAVAILABLE.withDescription("not now").asRuntimeException());
      } else {
        answer.onNext(CallResponse.getDefaultInstance());
        answer.onCompleted();
      }
    }
  }

  @Test
  void callsFollowEachOtherAndAreCountedWithTheirLatencies() throws Exception {
    Measurement measured = measure();

    assertThat(measured.answered()).isPositive();
    assertThat(measured.latencyMicros().getTotalCount()).isPositive();
    assertThat(measured.errors()).isZero();
    assertThat(doorman.most.get()).isLessThanOrEqualTo(4);
    assertThat(doorman.said).isEqualTo("Echo/echo \"hello\"");
    assertThat(measured.processes().values()).allMatch(use -> use.cpuSeconds() > 0).hasSize(1);
  }

  @Test
  void errorsAreCountedApartAndTheFirstAreShown() throws Exception {
    doorman.refuses = true;
    Measurement measured = measure();

    assertThat(measured.answered()).isPositive();
    assertThat(measured.errors()).isPositive();
    assertThat(complaints).isNotEmpty().allMatch(it -> it.contains("not now"));
  }

  private Measurement measure() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(doorman)
            .build()
            .start();
    try {
      return new GrpcLoad(
              new GrpcLoad.Plan(
                  "127.0.0.1:" + server.getPort(),
                  "/Echo/echo",
                  "\"hello\"",
                  4,
                  Duration.ofMillis(300),
                  Duration.ofMillis(700),
                  Map.of("load", List.of(ProcessHandle.current().pid()))),
              complaints::add)
          .run();
    } finally {
      server.shutdownNow();
    }
  }
}
