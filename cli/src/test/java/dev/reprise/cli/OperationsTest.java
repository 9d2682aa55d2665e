package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.DescribeInvocationRequest;
import dev.reprise.api.admin.v1.GetStateRequest;
import dev.reprise.api.admin.v1.GetStateResponse;
import dev.reprise.api.admin.v1.InvocationDetail;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.JournalEntryInfo;
import dev.reprise.api.admin.v1.ManageInvocationRequest;
import dev.reprise.api.admin.v1.ManageInvocationResponse;
import dev.reprise.api.admin.v1.ReplaceStateRequest;
import dev.reprise.api.admin.v1.ReplaceStateResponse;
import dev.reprise.api.admin.v1.StateEntry;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person does to invocations and to state, against a server that answers as told. */
class OperationsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<ManageInvocationRequest> managed = new ArrayList<>();
  private final List<ReplaceStateRequest> replaced = new ArrayList<>();
  private Server grpc;

  @BeforeEach
  void start() throws IOException {
    grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Told())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    grpc.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"cancel, CANCEL", "kill, KILL", "purge, PURGE", "pause, PAUSE", "resume, RESUME"})
  void anOperationIsDoneToEachInvocation(String verb, ManageInvocationRequest.Operation operation) {
    assertThat(run("invocations", verb, "inv_a", "inv_later")).isZero();

    assertThat(managed)
        .extracting(ManageInvocationRequest::getOperation)
        .containsExactly(operation, operation);
    assertThat(out.toString())
        .isEqualTo(
            "INVOCATION  RESULT\n"
                + "inv_a       %s: done\ninv_later   %s: asked for; its code has to see it\n"
                    .formatted(verb, verb));
  }

  @Test
  void oneThatFailsDoesNotHoldUpTheOthers() {
    assertThat(run("invocations", "kill", "inv_bad", "inv_a")).isEqualTo(1);

    assertThat(out.toString())
        .contains("inv_bad     failed: it has ended", "inv_a       kill: done");
  }

  @Test
  void aRestartNamesTheNewInvocation() {
    assertThat(
            run("invocations", "restart", "inv_a", "--deployment", "keep", "--from", "3", "--json"))
        .isZero();

    assertThat(managed.getFirst().getDeployment()).isEqualTo("keep");
    assertThat(managed.getFirst().getThroughIndex()).isEqualTo(3);
    assertThat(Output.JSON.readTree(out.toString()))
        .isEqualTo(
            Output.JSON.readTree("[{\"id\":\"inv_a\",\"done\":true,\"new_id\":\"inv_new\"}]"));
  }

  @Test
  void onlyAJournalCanBePurged() {
    assertThat(run("invocations", "purge", "--journal", "inv_a")).isZero();
    assertThat(managed.getFirst().getOperation())
        .isEqualTo(ManageInvocationRequest.Operation.PURGE_JOURNAL);
  }

  @Test
  void anInvocationIsDescribedForAPerson() {
    assertThat(run("invocations", "describe", "inv_a")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            INVOCATION          inv_a
            target              S/h
            status              completed
            deployment          dp_1
            protocol            6
            created             2026-11-22T10:00:00Z
            completed           2026-11-22T10:00:05Z
            outcome             failure 418: boom
            outcome kept until  2026-11-23T10:00:05Z

            ENTRY  TYPE            BYTES
            0      Command: Input  3
            and 1 entries more
            """);
  }

  @Test
  void anInvocationIsDescribedAsJson() {
    assertThat(run("invocations", "describe", "inv_a", "--json")).isZero();

    var json = Output.JSON.readTree(out.toString());
    assertThat(json.path("failure").path("code").intValue()).isEqualTo(418);
    assertThat(json.path("journal").path(0).path("type").stringValue()).isEqualTo("Command: Input");
  }

  @Test
  void stateIsShownAsJsonWhereItIsJson() {
    assertThat(run("state", "get", "Counter", "k")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            NAME   VALUE
            count  7
            raw    {"base64":"/wA="}
            """);

    assertThat(run("state", "get", "Counter", "k", "--json")).isZero();
    assertThat(out.toString()).contains("\"count\" : 7");
  }

  @Test
  void stateIsEditedAndLeftAloneWhereItHasChanged() {
    assertThat(run("state", "edit", "Counter", "k", "--set", "count=8", "--set", "n=\"x\""))
        .isZero();

    ReplaceStateRequest request = replaced.getFirst();
    assertThat(request.getExpectedVersion()).isEqualTo("v1");
    assertThat(request.getEntriesList())
        .containsExactly(
            entry("count", ByteString.copyFromUtf8("8")),
            entry("n", ByteString.copyFromUtf8("\"x\"")),
            entry("raw", ByteString.copyFrom(new byte[] {-1, 0})));
    assertThat(out.toString()).isEqualTo("replaced; 3 entries now\n");
    assertThat(run("state", "edit", "Counter", "k", "--delete", "raw", "--force")).isZero();
    assertThat(replaced.getLast().hasExpectedVersion()).isFalse();
    assertThat(replaced.getLast().getEntriesCount()).isEqualTo(1);
  }

  @Test
  void aValueThatIsNoJsonIsAUsageError() {
    assertThat(run("state", "edit", "Counter", "k", "--set", "count=x")).isEqualTo(2);
    assertThat(err.toString()).contains("Expected JSON for 'count', but got: x");
    assertThat(replaced).isEmpty();
  }

  @Test
  void stateIsClearedWhenTheKeyIsFree() {
    assertThat(run("state", "clear", "Counter", "busy")).isZero();

    assertThat(replaced.getFirst().getEntriesCount()).isZero();
    assertThat(out.toString()).contains("when the running invocation has ended");
  }

  @Test
  void whatIsMissingIsAUsageError() {
    assertThat(run("invocations", "kill")).isEqualTo(2);
    assertThat(run("invocations", "restart", "inv_a", "--from", "-1")).isEqualTo(2);
    assertThat(run("state", "get", "Counter")).isEqualTo(2);
    assertThat(run("state")).isEqualTo(2);
  }

  private static StateEntry entry(String key, ByteString value) {
    return StateEntry.newBuilder().setKey(key).setValue(value).build();
  }

  private int run(String... arguments) {
    Output output =
        new Output(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            InstantSource.fixed(NOW));
    return Restatectl.run(
        output,
        Stream.concat(Stream.of("--grpc", "127.0.0.1:" + grpc.getPort()), Stream.of(arguments))
            .toArray(String[]::new));
  }

  /** A server with one invocation and one state. */
  private final class Told extends AdminGrpc.AdminImplBase {
    @Override
    public void manageInvocation(
        ManageInvocationRequest request, StreamObserver<ManageInvocationResponse> call) {
      managed.add(request);
      if (request.getId().equals("inv_bad")) {
        call.onError(
            Status.FAILED_PRECONDITION.withDescription("it has ended").asRuntimeException());
        return;
      }
      boolean restart = request.getOperation() == ManageInvocationRequest.Operation.RESTART;
      call.onNext(
          ManageInvocationResponse.newBuilder()
              .setDone(!request.getId().equals("inv_later"))
              .setNewInvocationId(restart ? "inv_new" : "")
              .build());
      call.onCompleted();
    }

    @Override
    public void describeInvocation(
        DescribeInvocationRequest request, StreamObserver<InvocationDetail> call) {
      call.onNext(
          InvocationDetail.newBuilder()
              .setInfo(
                  InvocationInfo.newBuilder()
                      .setId("inv_a")
                      .setTarget("S/h")
                      .setStatus("completed")
                      .setCreatedAtMillis(NOW.toEpochMilli())
                      .setJournalLength(2)
                      .setDeployment("dp_1"))
              .setProtocolVersion(6)
              .setCompletedAtMillis(NOW.plusSeconds(5).toEpochMilli())
              .setOutcomeExpiresAtMillis(NOW.plusSeconds(86_405).toEpochMilli())
              .setFailure(InvocationDetail.Failure.newBuilder().setCode(418).setMessage("boom"))
              .addJournal(JournalEntryInfo.newBuilder().setType("Command: Input").setBytes(3))
              .build());
      call.onCompleted();
    }

    @Override
    public void getState(GetStateRequest request, StreamObserver<GetStateResponse> call) {
      call.onNext(
          GetStateResponse.newBuilder()
              .setVersion("v1")
              .addEntries(entry("count", ByteString.copyFromUtf8("7")))
              .addEntries(entry("raw", ByteString.copyFrom(new byte[] {-1, 0})))
              .build());
      call.onCompleted();
    }

    @Override
    public void replaceState(
        ReplaceStateRequest request, StreamObserver<ReplaceStateResponse> call) {
      replaced.add(request);
      call.onNext(
          ReplaceStateResponse.newBuilder().setDone(!request.getKey().equals("busy")).build());
      call.onCompleted();
    }
  }
}
