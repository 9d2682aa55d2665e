package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.partition.Ingress.Answer.Accepted;
import dev.reprise.cluster.partition.Ingress.Answer.Ended;
import dev.reprise.server.http.Response;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.text.JsonText;
import dev.reprise.server.text.Timestamps;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.Outcome.Success;
import io.netty.util.AsciiString;
import java.util.Map;

/** Responses of the ingress, in the shapes that its clients read. */
final class Replies {
  private static final AsciiString ID = AsciiString.cached("x-restate-id");
  private static final AsciiString EXPIRES = AsciiString.cached("idempotency-expires");
  private static final AsciiString SOURCE = AsciiString.cached("x-restate-error-source");
  private static final AsciiString INGRESS = AsciiString.cached("ingress");
  private static final AsciiString INVOCATION = AsciiString.cached("invocation");
  private static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");
  private static final AsciiString ONE_SECOND = AsciiString.cached("1");

  private Replies() {}

  /** An error that the ingress itself found. */
  static Response error(int status, String message) {
    return Response.json(status, json(status, message, INGRESS, Map.of())).header(SOURCE, INGRESS);
  }

  /** Not now; the same request may be made again after a second. */
  static Response unavailable(String message) {
    return error(503, message).header(RETRY_AFTER, ONE_SECOND);
  }

  /** What the ingress refuses. */
  static Response refused(Refused refused) {
    return switch (refused.reason()) {
      case UNAVAILABLE, OUTCOME_UNKNOWN -> unavailable(refused.message());
      default -> error(refused.reason().status(), refused.message());
    };
  }

  /** Attaching to what is not there. */
  static Response unknown(InvocationId id) {
    return ofInvocation(404, "not found", id);
  }

  /** Calling a workflow that runs or ran. */
  static Response alreadyInvoked(InvocationId id) {
    return ofInvocation(409, "the workflow was already invoked", id);
  }

  private static Response ofInvocation(int status, String message, InvocationId id) {
    return Response.json(status, json(status, message, INVOCATION, Map.of()))
        .header(SOURCE, INVOCATION)
        .header(ID, id.toString());
  }

  /** The outcome of an invocation of this handler. */
  static Response ended(Ended ended, HandlerRevision handler) {
    Completed completed = ended.completed();
    Outcome outcome = completed.outcome();
    Response response =
        switch (outcome) {
          case Success success -> success(success.value(), handler);
          case Failure failure -> failure(failure);
        };
    response.header(ID, completed.id().toString());
    long expires = Answers.expiresAt(ended);
    if (expires > 0) {
      response.header(EXPIRES, Timestamps.millis(expires));
    }
    return response;
  }

  /** A send was taken on. {@code startsAtMillis} 0 when it does not wait for a time. */
  static Response accepted(Accepted accepted, long startsAtMillis) {
    String id = accepted.id().toString();
    StringBuilder json = new StringBuilder(160).append("{\"invocationId\":\"").append(id);
    if (startsAtMillis > 0) {
      json.append("\",\"executionTime\":\"").append(Timestamps.nanos(startsAtMillis));
    }
    json.append("\",\"status\":\"")
        .append(accepted.created() ? "Accepted" : "PreviouslyAccepted")
        .append("\"}");
    return Response.json(202, json.toString()).header(ID, id);
  }

  private static Response success(Bytes value, HandlerRevision handler) {
    Response response = new Response(200).body(value);
    String contentType = handler.outputContentType();
    if (contentType != null && (!value.isEmpty() || handler.setContentTypeIfEmpty())) {
      response.header(
          Response.CONTENT_TYPE,
          Response.JSON.contentEquals(contentType) ? Response.JSON : contentType);
    }
    return response;
  }

  private static Response failure(Failure failure) {
    int code = failure.code();
    if (code >= 100 && code < 200) {
      // Such a status would announce another response.
      return new Response(500);
    }
    int status = code >= 200 && code <= 999 ? code : 500;
    String json = json(code, failure.message(), INVOCATION, failure.metadata());
    return Response.json(status, json).header(SOURCE, INVOCATION);
  }

  private static String json(
      int code, String message, CharSequence source, Map<String, String> metadata) {
    StringBuilder json = new StringBuilder(message.length() + 64);
    json.append("{\"code\":").append(code).append(",\"message\":");
    JsonText.quote(json, message).append(",\"source\":\"").append(source).append('"');
    if (!metadata.isEmpty()) {
      JsonText.object(json.append(",\"metadata\":"), metadata);
    }
    return json.append('}').toString();
  }
}
