package dev.reprise.server.gateway;

import dev.reprise.server.http.Exchange;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;

/** Refusals that only HTTP knows: of paths and methods. */
final class HttpRefusals {
  private HttpRefusals() {}

  static Refused badPath(String path) {
    return new Refused(Reason.BAD_PATH, "bad path: " + path);
  }

  static Refused notFound() {
    return new Refused(Reason.NOT_FOUND, "not found");
  }

  static Refused wrongMethod(String method) {
    return new Refused(Reason.METHOD_NOT_ALLOWED, "method not allowed: " + method);
  }

  static void expectMethod(Exchange exchange, String method) {
    if (!exchange.method().equals(method)) {
      throw wrongMethod(exchange.method());
    }
  }
}
