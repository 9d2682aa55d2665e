package dev.reprise.sdk.runtime;

import static dev.reprise.sdk.core.Told.callDone;
import static dev.reprise.sdk.core.Told.called;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.core.ProtocolMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scopes and limit keys, as handlers see them and as they call with them. */
@Timeout(30)
class ScopeTest {
  @Service
  interface Greetings {
    @Handler
    String greet(String name);
  }

  @Service
  static class Tenant {
    @Handler
    String where(Context ctx) {
      return ctx.scope().orElse("none") + " " + ctx.limitKey().orElse("none");
    }

    @Handler
    String within(Context ctx, String scope) {
      return ctx.remote(Greetings.class)
          .scope(scope)
          .limitKey("web/ada")
          .call(it -> it.greet("Ada"));
    }
  }

  private static AttemptStory tenant(String handler, String input) {
    return AttemptStory.ofVersion(7, new Tenant(), handler).replays(input(input));
  }

  @Test
  void aHandlerIsToldItsScopeAndItsLimitKey() {
    tenant("where", "").in("s", "web/ada").begin().writes(output("\"s web/ada\""), end());
  }

  @Test
  void whoIsInNoScopeIsToldNone() {
    tenant("where", "").begin().writes(output("\"none none\""), end());
  }

  @Test
  void aHandlerCallsIntoAScope() {
    AttemptStory story = tenant("within", "\"s\"").begin();

    var call = (CallCommandMessage) story.next().body();
    assertThat(call.getServiceName() + " " + call.getScope() + " " + call.getLimitKey())
        .isEqualTo("Greetings s web/ada");
    story.says(called(1, "inv_2")).says(callDone(2, "\"Hello Ada\""));

    ProtocolMessage next = story.next();
    while (next.type() == MessageType.AWAITING_ON) {
      next = story.next();
    }
    assertThat(next).isEqualTo(output("\"Hello Ada\""));
  }
}
