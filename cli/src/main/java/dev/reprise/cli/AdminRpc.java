package dev.reprise.cli;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** The server's gRPC admin service. Blocks. */
final class AdminRpc {
  private static final long DEADLINE_SECONDS = 60;
  private static final int MESSAGE_BYTES = 64 << 20;

  private final String address;

  AdminRpc(String address) {
    this.address = address;
  }

  void list(ListInvocationsRequest request, Consumer<InvocationInfo> rows) {
    ask(
        stub -> {
          stub.listInvocations(request).forEachRemaining(rows);
          return rows;
        });
  }

  /** Asks something that has one answer. */
  <T> T ask(Function<AdminGrpc.AdminBlockingStub, T> question) {
    return on(AdminGrpc::newBlockingStub, question);
  }

  /** Asks some service something that has one answer. */
  <S extends AbstractStub<S>, T> T on(Function<Channel, S> service, Function<S, T> question) {
    return on(service, DEADLINE_SECONDS, question);
  }

  /** The same, with another deadline. */
  <S extends AbstractStub<S>, T> T on(
      Function<Channel, S> service, long seconds, Function<S, T> question) {
    ManagedChannel channel = channel();
    try {
      return question.apply(
          service
              .apply(channel)
              .withMaxInboundMessageSize(MESSAGE_BYTES)
              .withDeadlineAfter(seconds, TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      throw failure(e.getStatus());
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel channel() {
    try {
      return NettyChannelBuilder.forTarget(address).usePlaintext().build();
    } catch (IllegalArgumentException e) {
      throw new CliException(
          CliException.USAGE,
          "Expected a gRPC address, but got '" + address + "'",
          "give one such as --grpc 127.0.0.1:9071");
    }
  }

  private CliException failure(Status status) {
    String why =
        status.getDescription() == null ? status.getCode().name() : status.getDescription();
    return switch (status.getCode()) {
      // What the connection says has a cause; what a server says has none.
      case UNAVAILABLE ->
          status.getCause() != null
              ? new CliException(
                  CliException.UNREACHABLE,
                  "no server answers at " + address + " (" + why + ")",
                  "start one with ./reprise dev, or say where it is with --grpc HOST:PORT")
              : new CliException(CliException.FAILURE, why, "run the command again in a moment");
      case DEADLINE_EXCEEDED ->
          new CliException(
              CliException.UNREACHABLE,
              "no answer from " + address + " in time (" + why + ")",
              "look at restatectl status, and at the server's log");
      case UNIMPLEMENTED ->
          new CliException(
              CliException.FAILURE,
              "Expected a server that knows this, but " + address + " does not (" + why + ")",
              "ask a node that is in a cluster, and of the version of this restatectl");
      case INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          NOT_FOUND,
          ALREADY_EXISTS,
          ABORTED,
          OUT_OF_RANGE ->
          new CliException(CliException.FAILURE, why, "correct the command, and run it again");
      default -> new CliException(CliException.FAILURE, why, "see the server's log");
    };
  }
}
