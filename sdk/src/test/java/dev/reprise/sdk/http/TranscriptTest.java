package dev.reprise.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A conversation that was recorded between restate-server 1.7.12 and another SDK (protocol 6): our
 * endpoint must answer the same bytes, apart from the clock's.
 */
@Timeout(30)
class TranscriptTest {
  private static final String START_BEFORE_ENTRIES =
      """
      0000000000000058
      0a18cf94f6abf9dc2749d540cb5be6726aabc81216e931d14f2c1226696e765f313668706267
      467833776b76316c4338433437364f6644696537555756576461703718
      """;
  private static final String START_AFTER_ENTRIES = "32056361727432400148cf9ac6affddfe2d7d901";
  private static final String INPUT =
      """
      0400000000000094
      0a2c0a16782d726573746174652d696e67726573732d7061746812122f436f756e7465722f63
      617274322f6164640a190a0a757365722d6167656e74120b6375726c2f372e38382e310a0d0a
      0661636365707412032a2f2a0a200a0c636f6e74656e742d7479706512106170706c69636174
      696f6e2f6a736f6e0a130a0e636f6e74656e742d6c656e67746812013172030a0135
      """;
  private static final String GET_COUNT = "0407000000000009 0a05636f756e746a00";
  private static final String RUN = "0411000000000008 580262047069636b";
  private static final String PROPOSE = "0005000000000005 0802720137";
  private static final String RUN_DONE = "8011000000000007 08022a030a0137";
  private static final String SLEEP = "040c00000000000e 08eeeeca94a034580362036e6170";
  private static final String SLEEP_DONE = "800c000000000004 08032200";
  private static final String REST =
      "040300000000000d 0a05636f756e741a040a023132"
          + "0401000000000010 720e0a0c7b22746f74616c223a31327d"
          + "0003000000000000";

  record Total(int total) {}

  @VirtualObject
  static class Counter {
    private static final StateKey<Integer> COUNT = StateKey.of("count", Integer.class);

    @Handler
    Total add(ObjectContext ctx, int more) {
      int before = ctx.get(COUNT).orElse(0);
      int picked = ctx.run("pick", Integer.class, () -> 7);
      ctx.timer("nap", Duration.ofSeconds(1)).await();
      ctx.set(COUNT, before + more + picked);
      return new Total(before + more + picked);
    }
  }

  private static String start(int entries) {
    return START_BEFORE_ENTRIES + HexFormat.of().toHexDigits((byte) entries) + START_AFTER_ENTRIES;
  }

  @Test
  void anAttemptInBothDirectionsAtOnce() throws Exception {
    try (var endpoint = Endpoint.bind(new Counter()).listen(0);
        var server = new Http2Peer(endpoint.port())) {
      var stream = server.invoke("/invoke/Counter/add").sendHex(start(1)).sendHex(INPUT);
      stream.answersHex(GET_COUNT + RUN + PROPOSE);
      stream.sendHex(RUN_DONE);

      byte[] sleep = stream.take(22);
      assertThat(HexFormat.of().formatHex(sleep))
          .startsWith("040c00000000000e08")
          .endsWith("580362036e6170");

      stream.sendHex(SLEEP_DONE).answersHex(REST).end().ends();
    }
  }

  /** The same over version 7: acknowledged runs, and trees of what is awaited. */
  @Test
  void anAttemptOfVersion7() throws Exception {
    try (var endpoint = Endpoint.bind(new Counter()).listen(0);
        var server = new Http2Peer(endpoint.port())) {
      var stream = server.invoke("/invoke/Counter/add", 7).sendHex(start(1)).sendHex(INPUT);
      stream.answersHex(GET_COUNT + RUN + "0005800000000005 0802720137");
      stream.answersHex("000600000000000a 0a080a01021201012801");
      stream.sendHex("0007000000000002 0802");

      String sleep = HexFormat.of().formatHex(stream.take(22));
      assertThat(sleep).startsWith("040c00000000000e08").endsWith("580362036e6170");
      stream.answersHex("000600000000000a 0a080a01031201012801");
      stream.end().answersHex("000100000000000a 22080a01031201012801").ends();
    }
  }

  @Test
  void aReplayWritesNothingBeforeTheFirstNewCommand() throws Exception {
    try (var endpoint = Endpoint.bind(new Counter()).listen(0);
        var server = new Http2Peer(endpoint.port())) {
      server
          .invoke("/invoke/Counter/add")
          .sendHex(start(6))
          .sendHex(INPUT + GET_COUNT + RUN + RUN_DONE + SLEEP + SLEEP_DONE)
          .end()
          .answersHex(REST)
          .ends();
    }
  }

  @Test
  void aClosedRequestSuspendsOnTheTimerAndOnCancellation() throws Exception {
    try (var endpoint = Endpoint.bind(new Counter()).listen(0);
        var server = new Http2Peer(endpoint.port())) {
      server
          .invoke("/invoke/Counter/add")
          .sendHex(start(5))
          .sendHex(INPUT + GET_COUNT + RUN + RUN_DONE + SLEEP)
          .end()
          .answersHex("0001000000000006 0a0103120101")
          .ends();
    }
  }
}
