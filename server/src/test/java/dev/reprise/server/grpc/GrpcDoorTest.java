package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import dev.reprise.api.admin.v1.ListLimitsRequest;
import dev.reprise.api.admin.v1.ListRulesRequest;
import dev.reprise.server.ingress.EchoRequests;
import dev.reprise.server.operations.InvocationLister;
import dev.reprise.server.operations.InvocationLister.Query;
import dev.reprise.server.operations.InvocationLister.Row;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcDoorTest {
  private final List<Query> queries = new ArrayList<>();
  private int rows = 2;
  private final EchoRequests echo = new EchoRequests();
  private GrpcDoor door;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws IOException {
    InvocationLister lister =
        (query, taker) -> {
          queries.add(query);
          if (rows < 0) {
            throw new IllegalStateException("no table");
          }
          boolean wanted = true;
          for (int i = 0; wanted && i < rows && i < query.limit(); i++) {
            wanted =
                taker.test(
                    new Row("inv_" + i, "S/h", "running", 1, 2, 3, "dp_1", "a timer", "", ""));
          }
        };
    door =
        GrpcDoor.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(
                new GrpcAdmin(
                    lister, id -> null, echo.operations(), echo.stateEdits(), new SampleLimits())));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", door.port()).usePlaintext().build();
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    door.close();
    echo.close();
  }

  @Test
  void invocationsAreListed() {
    assertThat(list(ListInvocationsRequest.newBuilder().setService("S").setIncludeCompleted(true)))
        .hasSize(2)
        .first()
        .isEqualTo(
            InvocationInfo.newBuilder()
                .setId("inv_0")
                .setTarget("S/h")
                .setStatus("running")
                .setCreatedAtMillis(1)
                .setScheduledAtMillis(2)
                .setJournalLength(3)
                .setDeployment("dp_1")
                .setWaitingFor("a timer")
                .build());
    assertThat(queries).containsExactly(new Query("S", true, 1_000));
  }

  @Test
  void aLimitIsKept() {
    rows = 100;

    assertThat(list(ListInvocationsRequest.newBuilder().setLimit(7))).hasSize(7);
    assertThatThrownBy(() -> list(ListInvocationsRequest.newBuilder().setLimit(-1)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
  }

  @Test
  void aListThatBreaksSaysSo() {
    rows = -1;

    assertThatThrownBy(() -> list(ListInvocationsRequest.newBuilder()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL));
  }

  @Test
  void theDoorSaysThatItIsWell() {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void whatIsServedCanBeAskedFor() throws Exception {
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new Names(names));
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    requests.onCompleted();

    assertThat(names.get(10, TimeUnit.SECONDS))
        .contains("dev.reprise.admin.v1.Admin", "grpc.health.v1.Health");
  }

  private List<InvocationInfo> list(ListInvocationsRequest.Builder request) {
    Iterator<InvocationInfo> answer =
        AdminGrpc.newBlockingStub(channel)
            .withDeadlineAfter(10, TimeUnit.SECONDS)
            .listInvocations(request.build());
    List<InvocationInfo> all = new ArrayList<>();
    answer.forEachRemaining(all::add);
    return all;
  }

  private record Names(CompletableFuture<List<String>> names)
      implements StreamObserver<ServerReflectionResponse> {
    @Override
    public void onNext(ServerReflectionResponse response) {
      names.complete(
          response.getListServicesResponse().getServiceList().stream()
              .map(ServiceResponse::getName)
              .toList());
    }

    @Override
    public void onError(Throwable problem) {
      names.completeExceptionally(problem);
    }

    @Override
    public void onCompleted() {}
  }

  @Test
  void limitsAreListedWithTheRuleThatCounts() {
    List<String> levels = new ArrayList<>();
    AdminGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .listLimits(ListLimitsRequest.getDefaultInstance())
        .forEachRemaining(
            it ->
                levels.add(
                    it.getScope()
                        + "/"
                        + it.getLimitKey()
                        + ": "
                        + it.getRunning()
                        + " of "
                        + it.getConcurrency()
                        + " by "
                        + it.getPattern()
                        + ", "
                        + it.getWaiting()
                        + " wait"));

    assertThat(levels).containsExactly("s/: 4 of 0 by , 0 wait", "s/a: 3 of 3 by s/*, 2 wait");
    assertThat(
            AdminGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .listRules(ListRulesRequest.getDefaultInstance())
                .getRulesList())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getPattern()).isEqualTo("s/*");
              assertThat(it.getConcurrency()).isEqualTo(3);
              assertThat(it.getDisabled()).isTrue();
            });
  }
}
