package dev.reprise.server.admin;

import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.operations.StateEdits;
import dev.reprise.storage.model.StateEntry;
import java.util.List;

/** {@code POST /services/service/state}: replaces the state of one key. Never blocks. */
public final class StateApi {
  private final StateEdits edits;

  public StateApi(StateEdits edits) {
    this.edits = edits;
  }

  void modify(Exchange exchange, String service) {
    JsonBody body = JsonBody.of(exchange);
    String key = body.text("object_key");
    if (key == null) {
      throw AdminError.form(422, "Expected a string in the field 'object_key'");
    }
    if (body.has("scope")) {
      throw AdminError.of(400, null, "scopes are not supported yet by this version");
    }
    List<StateEntry> state = body.bytes("new_state");
    try {
      var unused =
          edits
              .replace(service, key, body.text("version"), state)
              .thenApply(done -> new Response(202))
              .exceptionally(StateApi::error)
              .thenAccept(exchange::respond);
    } catch (Refused e) {
      // To forget what nobody serves is done already.
      boolean nothing = e.reason() == Reason.SERVICE_NOT_FOUND && state.isEmpty();
      exchange.respond(nothing ? new Response(202) : InvocationsApi.error(e));
    }
  }

  private static Response error(Throwable problem) {
    // The API takes every edit, and drops it where the state is another by then.
    return InvocationsApi.cause(problem) instanceof Refused refused
            && refused.reason() == Reason.OTHER_VERSION
        ? new Response(202)
        : InvocationsApi.error(problem);
  }
}
