package dev.reprise.cli;

import com.sun.net.httpserver.HttpServer;
import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.LimitUsage;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import dev.reprise.api.admin.v1.ListLimitsRequest;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Both doors of a server, with answers that were prepared; remembers what it was asked. */
final class CannedServer implements AutoCloseable {
  /** Method, path and body of each request over HTTP. */
  final List<String> requests = new ArrayList<>();

  final List<ListInvocationsRequest> lists = new ArrayList<>();

  /** What requests over HTTP are answered with. */
  int status = 200;

  String answer;

  /** How a list over gRPC ends, if not in order. */
  Status failure = Status.OK;

  private final Instant now;
  private final HttpServer http;
  private final Server grpc;

  CannedServer(Instant now, String answer) throws IOException {
    this.now = now;
    this.answer = answer;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          byte[] bytes = this.answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    http.start();
    grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Lists())
            .build()
            .start();
  }

  String admin() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  String grpc() {
    return "127.0.0.1:" + grpc.getPort();
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
  }

  /** Two invocations, whatever is asked. */
  private final class Lists extends AdminGrpc.AdminImplBase {
    @Override
    public void listLimits(ListLimitsRequest request, StreamObserver<LimitUsage> answer) {
      answer.onNext(LimitUsage.newBuilder().setScope("tenant").setRunning(4).build());
      answer.onNext(
          LimitUsage.newBuilder()
              .setScope("tenant")
              .setLimitKey("a/b")
              .setRunning(3)
              .setWaiting(2)
              .setConcurrency(3)
              .setPattern("tenant/*/*")
              .build());
      answer.onCompleted();
    }

    @Override
    public void listInvocations(
        ListInvocationsRequest request, StreamObserver<InvocationInfo> rows) {
      lists.add(request);
      if (!failure.isOk()) {
        rows.onError(failure.asRuntimeException());
        return;
      }
      rows.onNext(
          InvocationInfo.newBuilder()
              .setId("inv_1a")
              .setTarget("Greeter/J\u00fcrgen/greet")
              .setStatus("running")
              .setCreatedAtMillis(now.minusSeconds(10).toEpochMilli())
              .setJournalLength(3)
              .setDeployment("dp_1a")
              .build());
      rows.onNext(
          InvocationInfo.newBuilder()
              .setId("inv_1b")
              .setTarget("Greeter/greet")
              .setStatus("scheduled")
              .setCreatedAtMillis(now.minusSeconds(3600).toEpochMilli())
              .setScheduledAtMillis(now.plusSeconds(2 * 86_400).toEpochMilli())
              .build());
      rows.onCompleted();
    }
  }
}
