package dev.reprise.server.admin;

import dev.reprise.server.http.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The query of a request. */
final class Query {
  private Query() {}

  /** Names and values; of a repeated name the first counts. Throws {@link AdminError}. */
  static Map<String, String> of(Exchange exchange) {
    String target = exchange.target();
    int question = target.indexOf('?');
    Map<String, String> parameters = new HashMap<>();
    if (question < 0) {
      return parameters;
    }
    try {
      for (String parameter : target.substring(question + 1).split("&", -1)) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        parameters.putIfAbsent(decoded(name), decoded(value));
      }
    } catch (IllegalArgumentException e) {
      throw AdminError.form(
          400, "Expected a query that is percent-encoded, but got '" + target + "'");
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
