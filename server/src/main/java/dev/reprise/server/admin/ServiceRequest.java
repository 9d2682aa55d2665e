package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.http.Exchange;

/** Reads what a request to modify a service says. */
final class ServiceRequest {
  private ServiceRequest() {}

  /** The changes; silent where it says nothing. Throws {@link AdminError} as the API words it. */
  static ServiceOptions parse(Exchange exchange) {
    JsonBody json = JsonBody.of(exchange);
    Boolean open = json.optionalFlag("public");
    return new ServiceOptions(
        json.duration("inactivity_timeout"),
        json.duration("abort_timeout"),
        json.duration("journal_retention"),
        json.duration("idempotency_retention"),
        json.duration("workflow_completion_retention"),
        null,
        open == null ? null : (Boolean) !open,
        null,
        null,
        null,
        null,
        null);
  }
}
