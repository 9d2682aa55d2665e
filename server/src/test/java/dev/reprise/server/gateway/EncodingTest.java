package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.api.protocol.Header;
import dev.reprise.api.protocol.InputCommandMessage;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.ingress.Refused;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Names, headers and bodies survive the way in. Repeat a failure with -Dreprise.seed=…. */
class EncodingTest {
  private final long seed = Long.getLong("reprise.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void anyKeyComesThroughWhateverCharactersItHas() throws Exception {
    try (Gatehouse house = new Gatehouse();
        RawClient client = house.client()) {
      for (int i = 0; i < 500; i++) {
        String key = text(random.nextInt(20));
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        assertThat(client.post("/Obj/" + encoded + "/key", "1").body())
            .as("seed %d, key %s", seed, encoded)
            .isEqualTo(key);
      }
    }
  }

  @Test
  void theInputIsWhatTheGeneratedClassReads() throws Exception {
    for (int i = 0; i < 500; i++) {
      HttpHeaders headers = new DefaultHttpHeaders();
      List<Header> expected = new ArrayList<>();
      String target = "/S/h?" + "q".repeat(random.nextInt(300));
      expected.add(header("x-restate-ingress-path", target));
      int count = random.nextInt(8);
      for (int h = 0; h < count; h++) {
        String name = "X-Name-" + h;
        String value = "v".repeat(random.nextInt(200));
        headers.add(name, value);
        headers.add(name.toLowerCase(Locale.ROOT), "another");
        expected.add(header(name.toLowerCase(Locale.ROOT), value));
      }
      headers.add("Host", "x").add("Connection", "close").add("Idempotency-Key", "k");
      headers.add("idempotency-expires", "never");
      byte[] body = new byte[random.nextInt(20_000)];
      random.nextBytes(body);

      InputCommandMessage read =
          InputCommandMessage.parseFrom(
              Calls.input(target, headers, Unpooled.wrappedBuffer(body)).toArray());

      assertThat(read.getHeadersList()).as("seed %d", seed).isEqualTo(expected);
      assertThat(read.getValue().getContent().toByteArray()).isEqualTo(body);
      assertThat(read.hasValue()).isTrue();
    }
  }

  @Test
  void aValueThatIsNotVisibleAsciiIsRefused() {
    HttpHeaders headers = new DefaultHttpHeaders().add("x-a", "\u00fc");

    assertThatThrownBy(() -> Calls.input("/", headers, Unpooled.EMPTY_BUFFER))
        .isInstanceOf(Refused.class)
        .hasMessage("bad header x-a");
  }

  @Test
  void aQueryParameterIsDecodedAsAForm() {
    RequestPath path = RequestPath.of("/a/b?x=1&Delay=10%20s+x&delay=2&empty&%71=%C3%BC&bad=%FF");

    assertThat(path.parameter("delay")).isEqualTo("10 s x");
    assertThat(path.parameter("empty")).isEmpty();
    assertThat(path.parameter("q")).isEqualTo("\u00fc");
    assertThat(path.parameter("none")).isNull();
    assertThatThrownBy(() -> path.parameter("bad")).isInstanceOf(Refused.class);
  }

  private static Header header(String name, String value) {
    return Header.newBuilder().setKey(name).setValue(value).build();
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int c =
          switch (random.nextInt(4)) {
            case 0 -> "/?#%&+=;:@ !$'()*,[]\"\\".codePointAt(random.nextInt(22));
            case 1 -> random.nextInt(0x80);
            case 2 -> random.nextInt(0xD800);
            default -> 0xE000 + random.nextInt(0x10FFFF - 0xE000);
          };
      text.appendCodePoint(c);
    }
    return text.toString();
  }
}
