package dev.reprise.server.endpoint;

import dev.reprise.cluster.partition.Loop;
import dev.reprise.server.endpoint.StreamFailure.Kind;
import dev.reprise.storage.model.Bytes;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request without a body, and its whole response up to a limit. Confined to its loop. */
final class DiscoveryExchange implements StreamListener {
  static final int BODY_LIMIT = 8 << 20;

  private final Consumer<Outcome> then;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable EndpointStream stream;
  private @Nullable ResponseHead head;
  private Loop.@Nullable Cancellable timer;
  private boolean over;

  DiscoveryExchange(Consumer<Outcome> then) {
    this.then = then;
  }

  /** How it went. */
  sealed interface Outcome {}

  record Answered(ResponseHead head, Bytes body) implements Outcome {}

  record Broken(StreamFailure failure) implements Outcome {}

  record TooLarge() implements Outcome {}

  void begin(EndpointStream of, Loop loop, Duration limit) {
    stream = of;
    String text = "no complete response within " + limit.toSeconds() + " s";
    StreamFailure late = new StreamFailure(Kind.BROKEN, text, false);
    timer = loop.schedule(limit, () -> over(new Broken(late)));
  }

  private void over(Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    if (timer != null) {
      timer.cancel();
    }
    if (stream != null) {
      stream.reset();
    }
    then.accept(outcome);
  }

  @Override
  public void opened(EndpointStream opened) {
    stream = opened;
    opened.end();
  }

  @Override
  public void head(ResponseHead read) {
    head = read;
  }

  @Override
  public void data(ByteBuf data) {
    int count = data.readableBytes();
    if (body.size() + count > BODY_LIMIT) {
      over(new TooLarge());
      return;
    }
    byte[] bytes = new byte[count];
    data.readBytes(bytes);
    body.writeBytes(bytes);
    if (stream != null) {
      stream.consumed(count);
    }
  }

  @Override
  public void readComplete() {}

  @Override
  public void writable() {}

  @Override
  public void ended() {
    ResponseHead read = head;
    over(
        read == null
            ? new Broken(new StreamFailure(Kind.BROKEN, "a response without a head", false))
            : new Answered(read, Bytes.of(body.toByteArray())));
  }

  @Override
  public void failed(StreamFailure failure) {
    over(new Broken(failure));
  }
}
