package dev.reprise.bench.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The endpoint's HTTP/2 against Netty's own reading and writing of it. */
class Http2ConnectionTest {
  private static final String INVOCATION = "application/vnd.restate.invocation.v6";
  private static final int FIRST_WINDOW = 65_535;

  private final EmbeddedChannel endpoint =
      new EmbeddedChannel(new Http2Connection(new Routes(new Shared())));
  private final EmbeddedChannel client = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
  private final ChannelHandlerContext context = client.pipeline().firstContext();
  private final DefaultHttp2FrameWriter writer = new DefaultHttp2FrameWriter();
  private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader();
  private final List<String> frames = new ArrayList<>();
  private final ByteBuf body = Unpooled.buffer();
  private final List<ChannelFuture> writes = new ArrayList<>();

  @AfterEach
  void close() {
    endpoint.finishAndReleaseAll();
    client.finishAndReleaseAll();
    writer.close();
    reader.close();
  }

  @Test
  void aCallIsAnsweredWhenEachByteComesAlone() throws Exception {
    settings();
    call(3, "/b/invoke/Echo/echo", "\"hello\"");
    ByteBuf all = sent();
    while (all.isReadable()) {
      endpoint.writeInbound(all.readBytes(1));
    }
    all.release();
    receive();

    assertThat(frames).startsWith("settings", "window 0");
    assertThat(frames).contains("settings ack", "headers 3 200 " + INVOCATION);
    assertThat(frames).last().isEqualTo("data 3 end");
    assertThat(messages()).containsExactly("Output", "End");
  }

  @Test
  void aResponseLargerThanTheWindowWaitsForThePeer() throws Exception {
    settings();
    String large = "x".repeat(150_000);
    call(1, "/b/invoke/Echo/echo", large);
    endpoint.writeInbound(sent());
    receive();
    assertThat(body.readableBytes()).isEqualTo(FIRST_WINDOW);
    assertThat(frames).last().isEqualTo("data 1");

    writes.add(writer.writeWindowUpdate(context, 1, 1 << 20, client.newPromise()));
    endpoint.writeInbound(sent());
    receive();
    assertThat(body.readableBytes()).isEqualTo(FIRST_WINDOW);

    writes.add(writer.writeWindowUpdate(context, 0, 1 << 20, client.newPromise()));
    endpoint.writeInbound(sent());
    receive();
    assertThat(body.readableBytes()).isGreaterThan(150_000);
    assertThat(frames).last().isEqualTo("data 1 end");
    assertThat(messages()).containsExactly("Output", "End");
  }

  @Test
  void discoveryNamesTheServicesOfItsMode() throws Exception {
    settings();
    request(1, "/rr/discover", "", true);
    endpoint.writeInbound(sent());
    receive();
    assertThat(frames).contains("headers 1 200 " + Manifest.CONTENT_TYPE);
    assertThat(body.toString(UTF_8))
        .contains(
            "REQUEST_RESPONSE",
            "\"RCounter\",\"ty\":\"VIRTUAL_OBJECT\"",
            "\"get\",\"ty\":\"SHARED\"");
  }

  @Test
  void unknownPathsAndProtocolVersionsAreNotFound() throws Exception {
    settings();
    request(1, "/b/invoke/Echo/nothing", INVOCATION, true);
    request(3, "/b/invoke/Echo/echo", "application/vnd.restate.invocation.v4", true);
    endpoint.writeInbound(sent());
    receive();
    assertThat(frames).contains("headers 1 404 application/json", "headers 3 404 application/json");
  }

  @Test
  void aPingIsAnswered() throws Exception {
    settings();
    writes.add(writer.writePing(context, false, 4711, client.newPromise()));
    endpoint.writeInbound(sent());
    receive();
    assertThat(frames).last().isEqualTo("ping ack 4711");
  }

  @Test
  void whatIsNotHttp2IsClosed() {
    endpoint.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nhost: localhost\r\n", US_ASCII));
    assertThat(endpoint.isOpen()).isFalse();
  }

  private void settings() {
    client.writeOutbound(Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", US_ASCII));
    writes.add(writer.writeSettings(context, new Http2Settings(), client.newPromise()));
  }

  private void call(int stream, String path, String input) {
    request(stream, path, INVOCATION, false);
    MessageWriter messages = new MessageWriter();
    messages.varint(3, 1).frame(MessageType.START);
    messages.value(14, input.getBytes(UTF_8)).frame(MessageType.INPUT);
    writes.add(writer.writeData(context, stream, messages.frames(), 0, true, client.newPromise()));
  }

  private void request(int stream, String path, String contentType, boolean end) {
    Http2Headers headers =
        new DefaultHttp2Headers().method("POST").scheme("http").authority("x").path(path);
    headers.set("content-type", contentType).set("user-agent", "a story of some length");
    writes.add(writer.writeHeaders(context, stream, headers, 0, end, client.newPromise()));
  }

  private ByteBuf sent() {
    client.flush();
    assertThat(writes).allMatch(ChannelFuture::isSuccess);
    return drain(client);
  }

  /** Reads what the endpoint sent into {@link #frames} and {@link #body}. */
  private void receive() throws Exception {
    ByteBuf bytes = drain(endpoint);
    while (bytes.isReadable()) {
      reader.readFrame(context, bytes, new Recorder());
    }
    bytes.release();
  }

  private static ByteBuf drain(EmbeddedChannel channel) {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part; (part = channel.readOutbound()) != null; ) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  private List<String> messages() {
    List<String> names = new ArrayList<>();
    new MessageAssembler((type, payload) -> names.add(MessageType.nameOf(type))).feed(body);
    return names;
  }

  private final class Recorder extends Http2FrameAdapter {
    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
      frames.add("settings");
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext context) {
      frames.add("settings ack");
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int bytes) {
      frames.add("window " + stream);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long data) {
      frames.add("ping ack " + data);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end) {
      frames.add("headers " + stream + " " + headers.status() + " " + headers.get("content-type"));
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end) {
      body.writeBytes(data);
      frames.add("data " + stream + (end ? " end" : ""));
      return data.readableBytes() + padding;
    }
  }
}
