package dev.reprise.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.core.ProtocolMessage;
import dev.reprise.sdk.core.Told;
import dev.reprise.sdk.core.Wire;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One event in, one answer out, as Lambda does it. */
@Timeout(30)
class LambdaHandlerTest {
  private static final String V6 = "application/vnd.restate.invocation.v6";
  private static final JsonMapper JSON = JsonMapper.shared();

  @Service
  static class Sleeper {
    @Handler
    String nap(Context ctx) {
      int picked = ctx.run("pick", Integer.class, () -> 7);
      ctx.timer("nap", Duration.ofDays(1)).await();
      return "slept " + picked;
    }
  }

  private final LambdaHandler lambda = Endpoint.bind(new Sleeper()).lambda();

  private JsonNode ask(Object event) throws IOException {
    return ask(JSON.writeValueAsBytes(event));
  }

  private JsonNode ask(byte[] event) throws IOException {
    var answer = new ByteArrayOutputStream();
    lambda.handle(new ByteArrayInputStream(event), answer);
    return JSON.readTree(answer.toByteArray());
  }

  private static String text(JsonNode answer) {
    return new String(body(answer), StandardCharsets.UTF_8);
  }

  private static byte[] body(JsonNode answer) {
    assertThat(answer.get("isBase64Encoded").asBoolean()).isTrue();
    return Base64.getDecoder().decode(answer.get("body").asString());
  }

  private JsonNode invoke(ProtocolMessage... journal) throws IOException {
    var all = new ArrayList<ProtocolMessage>();
    var start =
        StartMessage.newBuilder()
            .setId(ByteString.copyFromUtf8("0123456789abcdef01234567"))
            .setKnownEntries(journal.length);
    all.add(new ProtocolMessage(MessageType.START, start.build()));
    all.addAll(List.of(journal));
    byte[] frames = ByteBufUtil.getBytes(Frames.encode(all, UnpooledByteBufAllocator.DEFAULT));
    return invoke(frames);
  }

  private JsonNode invoke(byte[] frames) throws IOException {
    return ask(
        Map.of(
            "httpMethod",
            "POST",
            "path",
            "/invoke/Sleeper/nap",
            "headers",
            Map.of("Content-Type", V6),
            "body",
            Base64.getEncoder().encodeToString(frames),
            "isBase64Encoded",
            true));
  }

  private static List<Integer> types(JsonNode answer) {
    var types = new ArrayList<Integer>();
    ByteBuffer frames = ByteBuffer.wrap(body(answer));
    while (frames.hasRemaining()) {
      long header = frames.getLong();
      types.add(MessageFraming.type(header));
      frames.position(frames.position() + (int) MessageFraming.length(header));
    }
    return types;
  }

  @Test
  void anAttemptSuspendsAsSoonAsItNeedsTheServer() throws Exception {
    JsonNode first = invoke(Wire.input(""));
    assertThat(first.get("statusCode").asInt()).isEqualTo(200);
    assertThat(first.get("headers").get("content-type").asString()).isEqualTo(V6);
    assertThat(types(first))
        .containsExactly(
            MessageType.RUN, MessageType.PROPOSE_RUN_COMPLETION, MessageType.SUSPENSION);

    JsonNode second = invoke(Wire.input(""), Wire.run(1, "pick"), Told.runDone(1, "7"));
    assertThat(types(second)).containsExactly(MessageType.SLEEP, MessageType.SUSPENSION);

    JsonNode last =
        invoke(
            Wire.input(""),
            Wire.run(1, "pick"),
            Told.runDone(1, "7"),
            Wire.sleep(2, "nap", 5),
            Told.sleepDone(2));
    assertThat(types(last)).containsExactly(MessageType.OUTPUT, MessageType.END);
    assertThat(text(last)).contains("slept 7");
  }

  @Test
  void discoverySaysThatOnlyRequestAndResponseAreSpoken() throws Exception {
    JsonNode answer =
        ask(
            Map.of(
                "rawPath", "/discover",
                "requestContext", Map.of("http", Map.of("method", "GET")),
                "headers", Map.of("accept", "application/vnd.restate.endpointmanifest.v4+json")));
    assertThat(answer.get("statusCode").asInt()).isEqualTo(200);
    assertThat(text(answer)).contains("\"protocolMode\":\"REQUEST_RESPONSE\"");
  }

  @Test
  void badEventsAreAnsweredWithWhatWasExpected() throws Exception {
    assertThat(text(ask("{".getBytes(StandardCharsets.UTF_8)))).contains("Expected an event");
    assertThat(text(ask(Map.of("body", "%", "isBase64Encoded", true)))).contains("Expected");
    assertThat(text(ask(Map.of()))).contains("Expected /discover");
    assertThat(text(ask(Map.of("httpMethod", "POST", "path", "/invoke/Sleeper/run"))))
        .contains("Expected a handler of this endpoint");
    JsonNode wrongVersion =
        ask(
            Map.of(
                "httpMethod", "POST",
                "path", "/invoke/Sleeper/nap",
                "headers", Map.of("content-type", "application/vnd.restate.invocation.v4")));
    assertThat(wrongVersion.get("statusCode").asInt()).isEqualTo(415);
  }

  @Test
  void aCutJournalEndsTheAttemptWithAnErrorOfTheProtocol() throws Exception {
    assertThat(types(invoke(new byte[] {0, 0, 0}))).containsExactly(MessageType.ERROR);
    assertThat(types(invoke(new byte[0]))).containsExactly(MessageType.ERROR);
  }
}
