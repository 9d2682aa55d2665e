package dev.reprise.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random and half-right requests. Whatever is sent, the next client is served. Repeat a failure
 * with {@code -Dreprise.seed=…}.
 */
class HostileBytesTest {
  private static final int ROUNDS = 1_500;
  private static final String[] PIECES = {
    "GET ",
    "POST ",
    "PUT ",
    "/Probe/echo",
    "/restate/attach/inv_1",
    "/restate/invocation/",
    "/Obj/%FF/key",
    "/%",
    "?delay=",
    "?delay=99999999999999999999h",
    " HTTP/1.1\r\n",
    " HTTP/1.0\r\n",
    " HTTP/9.9\r\n",
    "host: x\r\n",
    "content-length: 5\r\n",
    "content-length: -1\r\n",
    "content-length: 99999999999999999999\r\n",
    "content-length: 5, 5\r\n",
    "transfer-encoding: chunked\r\n",
    "transfer-encoding: chunked, gzip\r\n",
    "FFFFFFFF\r\n",
    "5\r\nhello\r\n",
    "0\r\n\r\n",
    "expect: 100-continue\r\n",
    "idempotency-key: \r\n",
    "content-type: application/json\r\n",
    ": \r\n",
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\0",
    "{\"target\":",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "PRI * HTTP/2.0\r\n",
    "\0\0\0\4\0\0\0\0\0",
    "\0\0\4\b\0\0\0\0\0\0\0\0\1",
    "\0\u00ff\u00ff\1\5\0\0\0\1"
  };

  @Test
  void noBytesKeepTheNextClientFromBeingServed() throws Exception {
    long seed = Long.getLong("reprise.seed", System.nanoTime());
    Random random = new Random(seed);
    try (Gatehouse house = new Gatehouse(new HttpLimits(1 << 16, 1 << 20, 50))) {
      for (int round = 0; round < ROUNDS; round++) {
        try (RawClient hostile = house.client()) {
          hostile.send(bytes(random));
        } catch (IOException e) {
          // The server may have closed the connection while we were still sending.
        }
        if (round % 100 == 0) {
          serves(house, seed);
        }
      }
      serves(house, seed);
      GatehouseTest.until(() -> house.requests.waiting().count() == 0);
    }
  }

  private static void serves(Gatehouse house, long seed) throws IOException {
    try (RawClient next = house.client()) {
      assertThat(next.post("/Probe/echo", "1").body()).as("seed %d", seed).isEqualTo("1");
    }
  }

  private static byte[] bytes(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int pieces = 1 + random.nextInt(12);
    for (int i = 0; i < pieces; i++) {
      if (random.nextInt(6) == 0) {
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        out.writeBytes(noise);
      } else {
        String piece = PIECES[random.nextInt(PIECES.length)];
        out.writeBytes(piece.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return out.toByteArray();
  }
}
