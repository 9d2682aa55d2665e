package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.routing.AwakeableId;
import dev.reprise.server.gateway.Ticket.Purpose;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.ingress.Names;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.ingress.Requests;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.Outcome.Success;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Completes awakeables. */
final class Awakeables {
  private static final int REJECTED = 500;

  private final Requests requests;

  Awakeables(Requests requests) {
    this.requests = requests;
  }

  /**
   * {@code /restate/awakeables/id/resolve} and {@code /reject}; also {@code /restate/a/…}. What
   * follows is ignored. Taken once it is durable, also where nobody waits for it any more.
   */
  void complete(Exchange exchange, RequestPath path, Registry registry) {
    if (path.count() < 4) {
      throw HttpRefusals.badPath(path.path());
    }
    boolean resolve = path.segment(3).equals("resolve");
    if (!resolve && !path.segment(3).equals("reject")) {
      throw HttpRefusals.notFound();
    }
    HttpRefusals.expectMethod(exchange, "POST");
    AwakeableId awakeable = Names.awakeable(path.segment(2));
    byte[] body = exchange.bodyBytes();
    Outcome outcome = resolve ? new Success(Bytes.of(body)) : new Failure(REJECTED, reason(body));
    requests.complete(
        awakeable, outcome, new Ticket(exchange, Purpose.AWAKEABLE, registry, 0, requests));
  }

  private static String reason(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(Reason.MALFORMED_REQUEST, "Expected a reason in UTF-8");
    }
  }
}
