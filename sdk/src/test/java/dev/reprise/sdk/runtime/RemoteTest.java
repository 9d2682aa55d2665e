package dev.reprise.sdk.runtime;

import static dev.reprise.sdk.core.Told.callDone;
import static dev.reprise.sdk.core.Told.called;
import static dev.reprise.sdk.core.Wire.call;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How handlers call the services of others through interfaces. */
@Timeout(30)
class RemoteTest {
  @Service
  interface Greetings {
    @Handler
    String greet(String name);
  }

  @Service
  static class Porter {
    @Handler
    String welcome(Context ctx, String name) {
      return ctx.client(Greetings.class).greet(name) + "!";
    }

    @Handler
    String later(Context ctx, String name) {
      return ctx.remote(Greetings.class)
          .idempotencyKey("once")
          .header("x-from", "porter")
          .send(Duration.ofDays(1), it -> it.greet(name))
          .invocationId();
    }
  }

  @Test
  void aClientOfAnInterfaceCallsTheServiceByItsName() {
    AttemptStory story = AttemptStory.of(new Porter(), "welcome").replays(input("\"Ada\"")).begin();
    story
        .writes(call(2, "Greetings", "greet", "\"Ada\""))
        .says(called(1, "inv_2"))
        .says(callDone(2, "\"Hello Ada\""))
        .writes(output("\"Hello Ada!\""), end());
  }

  @Test
  void aRemoteSendsWithKeyHeadersAndDelay() {
    AttemptStory story = AttemptStory.of(new Porter(), "later").replays(input("\"Ada\"")).begin();
    var send = (OneWayCallCommandMessage) story.next().body();
    assertThat(send.getIdempotencyKey()).isEqualTo("once");
    assertThat(send.getHeaders(0).getValue()).isEqualTo("porter");
    assertThat(send.getInvokeTime()).isGreaterThan(System.currentTimeMillis());
    story.says(called(1, "inv_2")).writes(output("\"inv_2\""), end());
  }
}
