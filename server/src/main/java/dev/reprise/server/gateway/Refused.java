package dev.reprise.server.gateway;

import dev.reprise.server.http.Response;

/** A request that the gateway answers itself, with an error. Carries no stack: it is no defect. */
final class Refused extends RuntimeException {
  private final int status;

  Refused(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  static Refused badPath(String path) {
    return new Refused(400, "bad path: " + path);
  }

  static Refused notFound() {
    return new Refused(404, "not found");
  }

  static Refused wrongMethod(String method) {
    return new Refused(405, "method not allowed: " + method);
  }

  static Refused notYet(String what) {
    return new Refused(404, what + " are not supported yet by this version");
  }

  Response response() {
    return Replies.error(status, message());
  }

  private String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
