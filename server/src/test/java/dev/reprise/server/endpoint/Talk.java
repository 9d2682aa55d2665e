package dev.reprise.server.endpoint;

import dev.reprise.server.net.NettyLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One exchange, steered by a test from its own thread. */
final class Talk implements StreamListener {
  private static final long DEADLINE_SECONDS = 20;

  private final NettyLoop loop;
  private final LoopEndpoints endpoints;
  private final CompletableFuture<EndpointStream> opened = new CompletableFuture<>();
  private final CompletableFuture<ResponseHead> head = new CompletableFuture<>();
  private final CompletableFuture<String> over = new CompletableFuture<>();
  private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();
  private boolean greedy = true;
  private @Nullable StreamFailure failure;

  private Talk(NettyLoop loop, LoopEndpoints endpoints) {
    this.loop = loop;
    this.endpoints = endpoints;
  }

  static Talk begin(
      NettyLoop loop,
      LoopEndpoints endpoints,
      EndpointAddress address,
      String path,
      String... headers) {
    Talk talk = new Talk(loop, endpoints);
    AsciiString[] all = new AsciiString[headers.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = AsciiString.of(headers[i]);
    }
    EndpointRequest request =
        new EndpointRequest(address, EndpointRequest.POST, AsciiString.of(path), "", all);
    loop.execute(
        () -> {
          endpoints.open(request, talk);
          endpoints.flush();
        });
    return talk;
  }

  private void onLoop(Consumer<EndpointStream> task) throws Exception {
    EndpointStream stream = opened.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          task.accept(stream);
          endpoints.flush();
          done.complete(null);
        });
    done.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  Talk send(String text) throws Exception {
    onLoop(it -> it.write(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
    return this;
  }

  Talk end() throws Exception {
    onLoop(EndpointStream::end);
    return this;
  }

  Talk reset() throws Exception {
    onLoop(EndpointStream::reset);
    return this;
  }

  /** From here on, what is read is not credited. */
  Talk stopConsuming() throws Exception {
    onLoop(it -> greedy = false);
    return this;
  }

  Talk consume(int bytes) throws Exception {
    onLoop(it -> it.consumed(bytes));
    return this;
  }

  ResponseHead awaitHead() throws Exception {
    return head.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  String awaitPiece() throws Exception {
    String piece = pieces.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (piece == null) {
      throw new AssertionError("Expected a piece of the response in time, but there was none");
    }
    return piece;
  }

  /** The whole body, or the failure. */
  String awaitOver() throws Exception {
    return over.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  StreamFailure awaitFailure() throws Exception {
    String how = awaitOver();
    if (failure == null) {
      throw new AssertionError("Expected a failure, but got " + how);
    }
    return failure;
  }

  @Override
  public void opened(EndpointStream stream) {
    opened.complete(stream);
  }

  @Override
  public void head(ResponseHead read) {
    head.complete(read);
  }

  @Override
  public void data(ByteBuf data) {
    int count = data.readableBytes();
    byte[] bytes = new byte[count];
    data.readBytes(bytes);
    all.writeBytes(bytes);
    pieces.add(new String(bytes, StandardCharsets.UTF_8));
    if (greedy) {
      opened.join().consumed(count);
    }
  }

  @Override
  public void readComplete() {}

  @Override
  public void writable() {}

  @Override
  public void ended() {
    over.complete(all.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void failed(StreamFailure why) {
    failure = why;
    over.complete(why.kind() + ": " + why.message());
  }
}
