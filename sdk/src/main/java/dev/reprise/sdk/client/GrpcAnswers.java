package dev.reprise.sdk.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.reprise.api.ingress.v1.InvocationFailure;
import dev.reprise.sdk.TerminalException;
import io.grpc.protobuf.StatusProto;
import org.jspecify.annotations.Nullable;

/** What gRPC's errors mean. */
final class GrpcAnswers {
  private GrpcAnswers() {}

  static RuntimeException failure(Throwable thrown) {
    Status status = StatusProto.fromThrowable(thrown);
    InvocationFailure failure = find(status, InvocationFailure.class);
    if (failure != null) {
      return failure(failure);
    }
    String message = status == null ? thrown.toString() : status.getMessage();
    // A server says why; without it nobody answered.
    boolean answered = find(status, ErrorInfo.class) != null;
    return new IngressException(
        answered ? http(io.grpc.Status.fromThrowable(thrown).getCode()) : IngressException.NONE,
        answered ? message : "Expected an answer, but " + thrown.getMessage(),
        thrown);
  }

  static TerminalException failure(InvocationFailure failure) {
    return new TerminalException(failure.getCode(), failure.getMessage(), failure.getMetadataMap());
  }

  private static <M extends com.google.protobuf.Message> @Nullable M find(
      @Nullable Status status, Class<M> type) {
    if (status == null) {
      return null;
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) {
        try {
          return detail.unpack(type);
        } catch (InvalidProtocolBufferException e) {
          return null; // As if it had not been said.
        }
      }
    }
    return null;
  }

  /** The status that HTTP would have. */
  private static int http(io.grpc.Status.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case OK, CANCELLED, UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}
