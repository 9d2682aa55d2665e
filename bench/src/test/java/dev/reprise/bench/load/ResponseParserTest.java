package dev.reprise.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {
  private static final String BY_LENGTH =
      "HTTP/1.1 200 OK\r\nX-Restate-Id: inv_1\r\nContent-Length: 5\r\n\r\nhello";
  private static final String CHUNKED =
      "HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n"
          + "5\r\nhello\r\nA;ext=1\r\n, world!!!\r\n0\r\ntrailer: x\r\n\r\n";
  private static final String EMPTY = "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n";
  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";
  private static final String AFTER_INTERIM = "HTTP/1.1 100 Continue\r\n\r\n" + BY_LENGTH;
  private static final String BARE_LINE_ENDS = "HTTP/1.1 200 OK\ncontent-length:2\n\nhi";

  @ParameterizedTest
  @ValueSource(strings = {BY_LENGTH, CHUNKED, EMPTY, NO_CONTENT, AFTER_INTERIM, BARE_LINE_ENDS})
  void aResponseIsCompleteExactlyAtItsEndWhereverItIsCut(String response) throws Exception {
    for (int first = 0; first <= response.length(); first++) {
      for (int second = first; second <= response.length(); second++) {
        ResponseParser parser = new ResponseParser();
        boolean complete = parser.feed(bytes(response.substring(0, first)));
        complete |= parser.feed(bytes(response.substring(first, second)));
        assertThat(complete).isEqualTo(second == response.length());
        if (!complete) {
          assertThat(parser.feed(bytes(response.substring(second)))).isTrue();
        }
      }
    }
  }

  @Test
  void aChunkedErrorKeepsTheBeginningOfItsBody() throws Exception {
    ResponseParser parser = new ResponseParser();
    for (byte b : CHUNKED.getBytes(US_ASCII)) {
      parser.feed(ByteBuffer.wrap(new byte[] {b}));
    }
    assertThat(parser.status()).isEqualTo(503);
    assertThat(parser.excerpt()).isEqualTo("hello, world!!!");
  }

  @Test
  void aLongErrorBodyIsReadToItsEnd() throws Exception {
    ResponseParser parser = new ResponseParser();
    String head = "HTTP/1.1 500 Oops\r\ncontent-length: 100000\r\n\r\n";
    assertThat(parser.feed(bytes(head + "x".repeat(100_000)))).isTrue();
    assertThat(parser.excerpt()).hasSize(300);
  }

  @Test
  void whatFollowsAResponseIsLeftForTheNext() throws Exception {
    ResponseParser parser = new ResponseParser();
    ByteBuffer both = bytes(BY_LENGTH + EMPTY);
    assertThat(parser.feed(both)).isTrue();
    assertThat(parser.status()).isEqualTo(200);
    assertThat(parser.feed(both)).isTrue();
    assertThat(parser.status()).isEqualTo(202);
    assertThat(both.hasRemaining()).isFalse();
  }

  @Test
  void aBodyWithoutLengthEndsWithTheConnection() throws Exception {
    ResponseParser parser = new ResponseParser();
    assertThat(parser.feed(bytes("HTTP/1.1 200 OK\r\n\r\nsome"))).isFalse();
    assertThat(parser.keepAlive()).isFalse();
    assertThat(parser.closed()).isTrue();
  }

  @Test
  void aConnectionClosedInsideABodyCompletesNothing() throws Exception {
    ResponseParser parser = new ResponseParser();
    parser.feed(bytes(BY_LENGTH.substring(0, BY_LENGTH.length() - 1)));
    assertThat(parser.closed()).isFalse();
    parser.reset();
    assertThat(parser.feed(bytes(BY_LENGTH))).isTrue();
  }

  @Test
  void theServerSaysWhenItCloses() throws Exception {
    ResponseParser parser = new ResponseParser();
    parser.feed(bytes("HTTP/1.1 200 OK\r\nConnection: Close\r\ncontent-length: 0\r\n\r\n"));
    assertThat(parser.keepAlive()).isFalse();
    parser.feed(bytes(BY_LENGTH));
    assertThat(parser.keepAlive()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 2x0 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: many\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
      })
  void whatIsNotHttpIsRefused(String bytes) {
    assertThatThrownBy(() -> new ResponseParser().feed(bytes(bytes)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("Expected");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }
}
