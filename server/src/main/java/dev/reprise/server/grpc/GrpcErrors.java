package dev.reprise.server.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.reprise.api.ingress.v1.InvocationFailure;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome.Failure;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Errors in gRPC's words: a standard status, and in its details a reason that stays. */
final class GrpcErrors {
  private static final String DOMAIN = "reprise.dev";
  private static final int SECOND = 1;

  /** Headers of an answer have room for 8 KiB by default; what is longer is cut. */
  private static final int MESSAGE_CHARS = 1024;

  private static final int METADATA_CHARS = 2048;

  private GrpcErrors() {}

  /** What a door refuses. */
  static StatusRuntimeException refused(Refused refused) {
    return StatusProto.toStatusRuntimeException(status(refused).build());
  }

  /** What a door refuses on behalf of an invocation: to whoever waited for it, its failure. */
  static StatusRuntimeException refused(Refused refused, InvocationId id) {
    Failure failure = new Failure(refused.reason().status(), refused.message());
    return StatusProto.toStatusRuntimeException(
        status(refused).addDetails(detail(id, failure)).build());
  }

  private static Status.Builder status(Refused refused) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(code(refused.reason()).getNumber())
            .setMessage(cut(refused.message()))
            .addDetails(info(refused.reason().name()));
    if (refused.reason() == Reason.UNAVAILABLE || refused.reason() == Reason.TOO_MANY_REQUESTS) {
      Duration second = Duration.newBuilder().setSeconds(SECOND).build();
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(second).build()));
    }
    return status;
  }

  /** The failure that an invocation ended with. */
  static StatusRuntimeException failed(InvocationId id, Failure failure) {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(code(failure.code()).getNumber())
            .setMessage(cut(failure.message()))
            .addDetails(info("INVOCATION_FAILED"))
            .addDetails(detail(id, failure))
            .build());
  }

  private static Any detail(InvocationId id, Failure failure) {
    return Any.pack(failure(failure).setInvocationId(id.toString()).build());
  }

  /** A failure as a message; metadata that is too much for an answer's headers is left out. */
  static InvocationFailure.Builder failure(Failure failure) {
    InvocationFailure.Builder message =
        InvocationFailure.newBuilder().setCode(failure.code()).setMessage(cut(failure.message()));
    int room = METADATA_CHARS;
    for (var entry : failure.metadata().entrySet()) {
      room -= entry.getKey().length() + entry.getValue().length();
      if (room >= 0) {
        message.putMetadata(entry.getKey(), entry.getValue());
      }
    }
    return message;
  }

  private static Any info(String reason) {
    return Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN).build());
  }

  private static Code code(Reason reason) {
    return switch (reason) {
      case MALFORMED_REQUEST,
          BAD_PATH,
          BAD_ID,
          BAD_DELAY,
          BAD_HEADER,
          BAD_IDEMPOTENCY_KEY,
          BAD_INPUT,
          BAD_RANGE,
          BAD_DEPLOYMENT ->
          Code.INVALID_ARGUMENT;
      case HANDLER_NOT_PUBLIC -> Code.PERMISSION_DENIED;
      case NOT_FOUND, SERVICE_NOT_FOUND, HANDLER_NOT_FOUND, INVOCATION_NOT_FOUND -> Code.NOT_FOUND;
      case METHOD_NOT_ALLOWED, SCOPE_NOT_SUPPORTED, NOT_SUPPORTED -> Code.UNIMPLEMENTED;
      case ALREADY_INVOKED, ALREADY_DECIDED -> Code.ALREADY_EXISTS;
      case TOO_MANY_REQUESTS, BODY_TOO_LARGE -> Code.RESOURCE_EXHAUSTED;
      case NOT_READY,
          OUTCOME_NOT_RETAINED,
          ALREADY_COMPLETED,
          NOT_COMPLETED,
          NOT_STARTED,
          NOT_RUNNING,
          DEPLOYMENT_FIXED,
          NOT_KEPT ->
          Code.FAILED_PRECONDITION;
      case OTHER_VERSION -> Code.ABORTED;
      case UNAVAILABLE -> Code.UNAVAILABLE;
      // Not one that clients repeat by themselves: it may have been done.
      case OUTCOME_UNKNOWN -> Code.UNKNOWN;
    };
  }

  /** Never one that clients repeat by themselves: what failed has failed for good. */
  private static Code code(int httpStatus) {
    return switch (httpStatus) {
      case 400, 422 -> Code.INVALID_ARGUMENT;
      case 401 -> Code.UNAUTHENTICATED;
      case 403 -> Code.PERMISSION_DENIED;
      case 404 -> Code.NOT_FOUND;
      case 409 -> Code.ABORTED;
      case 412 -> Code.FAILED_PRECONDITION;
      case 501 -> Code.UNIMPLEMENTED;
      default -> Code.UNKNOWN;
    };
  }

  private static String cut(String text) {
    return text.length() <= MESSAGE_CHARS ? text : text.substring(0, MESSAGE_CHARS) + "…";
  }
}
