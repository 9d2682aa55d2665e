package dev.reprise.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.ingress.v1.CancelInvocationResponse;
import dev.reprise.api.ingress.v1.InvocationFailure;
import dev.reprise.api.ingress.v1.Output;
import dev.reprise.api.ingress.v1.PeekPromiseResponse;
import dev.reprise.api.ingress.v1.SendResponse;
import dev.reprise.api.ingress.v1.SendSignalRequest;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Ingress.Answer.Accepted;
import dev.reprise.cluster.partition.Ingress.Answer.AlreadyInvoked;
import dev.reprise.cluster.partition.Ingress.Answer.Done;
import dev.reprise.cluster.partition.Ingress.Answer.Ended;
import dev.reprise.cluster.partition.Ingress.Answer.NotFound;
import dev.reprise.cluster.partition.Ingress.Answer.Peeked;
import dev.reprise.cluster.partition.Ingress.Answer.Requested;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.Outcome.Success;
import org.jspecify.annotations.Nullable;

/** Outcomes in messages of gRPC, and back. What is no outcome is thrown. */
final class Outcomes {
  private static final int DEFAULT_CODE = 500;
  private static final int CODES = 1 << 16;

  private Outcomes() {}

  /** A send was taken on. */
  static SendResponse sent(Answer answer, long startAt) {
    if (answer instanceof Accepted it) {
      return SendResponse.newBuilder()
          .setInvocationId(it.id().toString())
          .setCreated(it.created())
          .setStartsAtMillis(Answers.startsAt(it, startAt))
          .build();
    }
    throw Answers.refusal(answer);
  }

  /**
   * The output of an invocation that was waited for. Other than where it is only looked up, it is
   * the invocation that says that it is not there, or that it was there before.
   */
  static Output awaited(Answer answer, Registry registry) {
    return switch (answer) {
      case AlreadyInvoked it -> throw GrpcErrors.refused(Answers.refusal(it), it.id());
      case NotFound it -> throw GrpcErrors.refused(Answers.refusal(it), it.id());
      default -> output(answer, registry);
    };
  }

  /** The output of an invocation that ended so; throws what it ended with otherwise. */
  static Output output(Answer answer, Registry registry) {
    if (!(answer instanceof Ended ended)) {
      throw Answers.refusal(answer);
    }
    return switch (ended.completed().outcome()) {
      case Success success -> output(ended, success.value(), registry);
      case Failure failure -> throw GrpcErrors.failed(ended.completed().id(), failure);
    };
  }

  private static Output output(Ended ended, Bytes value, Registry registry) {
    HandlerRevision handler = Answers.handlerOf(ended.completed(), registry);
    Output.Builder output =
        Output.newBuilder().setBody(bytes(value)).setExpiresAtMillis(Answers.expiresAt(ended));
    String contentType = handler.outputContentType();
    if (contentType != null && (!value.isEmpty() || handler.setContentTypeIfEmpty())) {
      output.setContentType(contentType);
    }
    return output.build();
  }

  private static ByteString bytes(Bytes value) {
    // Nobody changes it any more.
    return UnsafeByteOperations.unsafeWrap(value.array(), value.offset(), value.length());
  }

  static CancelInvocationResponse cancelled(Answer answer) {
    return switch (answer) {
      case Done it -> CancelInvocationResponse.newBuilder().setEnded(true).build();
      case Requested it -> CancelInvocationResponse.getDefaultInstance();
      default -> throw Answers.refusal(answer);
    };
  }

  static PeekPromiseResponse peeked(Answer answer) {
    if (!(answer instanceof Peeked peeked)) {
      throw Answers.refusal(answer);
    }
    PeekPromiseResponse.Builder response = PeekPromiseResponse.newBuilder();
    Outcome outcome = peeked.outcome();
    if (outcome == null) {
      return response.setPending(PeekPromiseResponse.Pending.getDefaultInstance()).build();
    }
    return switch (outcome) {
      case Success success -> response.setValue(bytes(success.value())).build();
      case Failure failure -> response.setFailure(GrpcErrors.failure(failure)).build();
    };
  }

  static Outcome success(ByteString value) {
    if (value.size() > MessageFraming.VALUE_LIMIT) {
      throw new Refused(
          Reason.BODY_TOO_LARGE,
          "Expected a value of at most "
              + MessageFraming.VALUE_LIMIT
              + " bytes, but got "
              + value.size());
    }
    return new Success(Bytes.of(value.toByteArray()));
  }

  /**
   * A failure.
   *
   * @param code 0 for the one that says nothing more
   */
  static Failure failure(int code, String message) {
    if (code < 0 || code >= CODES) {
      throw new Refused(
          Reason.MALFORMED_REQUEST,
          "Expected a code below " + CODES + ", but got " + Integer.toUnsignedString(code));
    }
    return new Failure(code == 0 ? DEFAULT_CODE : code, message);
  }

  /** What a signal brings; null where it says only that it came. */
  static @Nullable Outcome signalled(SendSignalRequest request) {
    return switch (request.getOutcomeCase()) {
      case VALUE -> success(request.getValue());
      case FAILURE -> failure(request.getFailure());
      case OUTCOME_NOT_SET -> null;
    };
  }

  private static Failure failure(InvocationFailure message) {
    Failure bare = failure(message.getCode(), message.getMessage());
    return new Failure(bare.code(), bare.message(), message.getMetadataMap());
  }
}
