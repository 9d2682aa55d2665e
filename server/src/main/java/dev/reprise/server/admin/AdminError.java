package dev.reprise.server.admin;

import dev.reprise.server.http.Response;
import dev.reprise.server.text.JsonText;
import org.jspecify.annotations.Nullable;

/** A request that the admin API refuses. Carries no stack: it is no defect. */
final class AdminError extends RuntimeException {
  private final transient Response response;

  private AdminError(String message, Response response) {
    super(message, null, false, false);
    this.response = response;
  }

  /** An error of the domain, as JSON. */
  static AdminError of(int status, @Nullable String code, String message) {
    return new AdminError(message, json(status, code, message));
  }

  /** A request whose form is wrong, as plain text. */
  static AdminError form(int status, String message) {
    return new AdminError(message, Response.text(status, message));
  }

  /** What cannot be answered before this node has caught up with the metadata. */
  static Response unavailable(Throwable behind) {
    Throwable cause = behind.getCause() == null ? behind : behind.getCause();
    return json(503, null, String.valueOf(cause.getMessage()));
  }

  static AdminError wrongMethod(String allowed) {
    return new AdminError(allowed, new Response(405).header(AdminApi.ALLOW, allowed));
  }

  static AdminError noSuchPath() {
    return new AdminError("no such path", new Response(404));
  }

  static Response json(int status, @Nullable String code, String message) {
    StringBuilder json = new StringBuilder("{\"message\":");
    JsonText.quote(json, message).append(",\"restate_code\":");
    if (code == null) {
      json.append("null");
    } else {
      JsonText.quote(json, code);
    }
    return Response.json(status, json.append('}').toString());
  }

  Response response() {
    return response;
  }
}
