package dev.reprise.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTest {
  @Test
  void anyTextIsReadBackByAParser() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    JsonMapper json = JsonMapper.builder().build();
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = random.nextInt(20); c > 0; c--) {
        text.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x10000)));
      }
      byte[] written =
          JsonText.quote(new StringBuilder(), text.toString())
              .toString()
              .getBytes(StandardCharsets.UTF_8);

      assertThat(json.readTree(written).stringValue())
          .as("seed %d", seed)
          .isEqualTo(text.toString());
    }
  }

  @Test
  void aMapIsAnObject() {
    assertThat(JsonText.object(new StringBuilder(), new TreeMap<>(Map.of("b", "2", "a", "\""))))
        .hasToString("{\"a\":\"\\\"\",\"b\":\"2\"}");
    assertThat(JsonText.object(new StringBuilder(), Map.of())).hasToString("{}");
  }
}
