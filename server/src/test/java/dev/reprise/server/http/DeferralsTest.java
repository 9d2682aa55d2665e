package dev.reprise.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are put off, up to a bound. */
@Timeout(10)
class DeferralsTest {
  private static final int MOST = 2;
  private static final int MOST_BYTES = 100;

  private final Deferrals deferrals = new Deferrals(new Unheard(), MOST, MOST_BYTES);
  private final CompletableFuture<@Nullable Void> later = new CompletableFuture<>();
  private final List<ByteBuf> bodies = new ArrayList<>();
  private int done;

  private boolean putOff(int size) {
    ByteBuf body = Unpooled.buffer().writeZero(size);
    bodies.add(body);
    return deferrals.defer(new Asked(body), later, problem -> done++);
  }

  @AfterEach
  void bodiesAreOnlyTheirReceivers() {
    assertThat(bodies).allMatch(body -> body.refCnt() == 1);
  }

  @Test
  void whatIsPutOffIsDoneOnceItsTimeHasCome() {
    assertThat(putOff(10)).isTrue();
    assertThat(done).isZero();

    later.complete(null);

    assertThat(done).isEqualTo(1);
  }

  @Test
  void oneMoreThanTheMostIsRefusedAndTakesNoRoom() {
    putOff(40);
    putOff(40);
    assertThat(putOff(50)).as("a third").isFalse();
    assertThat(putOff(50)).as("a fourth").isFalse();
    later.complete(null);

    assertThat(done).isEqualTo(2);
    assertThat(putOff(60)).isTrue();
    assertThat(putOff(MOST_BYTES + 1)).as("too many bytes, as before").isFalse();
  }

  /** A request of a client that waits. */
  private static final class Asked extends Exchange {
    Asked(ByteBuf body) {
      super(ImmediateEventExecutor.INSTANCE, "POST", "/", new DefaultHttpHeaders(), body);
    }

    @Override
    void write(Response response) {
      throw new AssertionError("Expected no answer, but got one of status " + response.status());
    }
  }

  /** Nothing here comes to it. */
  private static final class Unheard implements HttpHandler {
    @Override
    public void handle(Exchange exchange) {
      throw new AssertionError("Expected not to be asked again");
    }

    @Override
    public Response refusal(Refusal refusal) {
      throw new AssertionError("Expected no defect, but got " + refusal);
    }
  }
}
