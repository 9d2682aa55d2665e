package dev.reprise.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Reads HTTP/1.1 responses that arrive in pieces cut anywhere. Bodies are counted and thrown away,
 * but for the beginning of those that say what went wrong. Allocates nothing for a good response.
 * One thread.
 */
public final class ResponseParser {
  private static final int MAX_LINE_BYTES = 8192;
  private static final int MAX_EXCERPT_BYTES = 300;
  private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(ISO_8859_1);
  private static final byte[] TRANSFER_ENCODING = "transfer-encoding:".getBytes(ISO_8859_1);
  private static final byte[] CONNECTION = "connection:".getBytes(ISO_8859_1);

  private enum Expect {
    STATUS_LINE,
    HEADER,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    CLOSE
  }

  private final byte[] line = new byte[MAX_LINE_BYTES];
  private final byte[] excerpt = new byte[MAX_EXCERPT_BYTES];
  private Expect expect = Expect.STATUS_LINE;
  private int lineLength;
  private int excerptLength;
  private int status;
  private long contentLength;
  private boolean chunked;
  private boolean keepAlive;

  /** Bytes of the body, or of the chunk, that have not arrived yet. */
  private long missing;

  /** Status of the newest response. */
  public int status() {
    return status;
  }

  /** False when the server closes the connection after the newest response. */
  public boolean keepAlive() {
    return keepAlive;
  }

  /** Beginning of the newest response's body; empty when its status is below 300. */
  public String excerpt() {
    return new String(excerpt, 0, excerptLength, UTF_8);
  }

  /** Forgets a response that arrived in part: the connection is a new one. */
  public void reset() {
    expect = Expect.STATUS_LINE;
    lineLength = 0;
  }

  /**
   * Reads up to the end of one response; what follows stays in {@code in}.
   *
   * @return whether a response is complete
   * @throws ProtocolException when the bytes are not HTTP/1.1
   */
  public boolean feed(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      boolean complete =
          switch (expect) {
            case STATUS_LINE -> readLine(in) && statusLine();
            case HEADER -> readLine(in) && header();
            case BODY -> skip(in) && complete();
            case CHUNK_SIZE -> readLine(in) && chunkSize();
            case CHUNK -> skip(in) && next(Expect.CHUNK_END);
            case CHUNK_END -> readLine(in) && next(Expect.CHUNK_SIZE);
            case TRAILER -> readLine(in) && trailer();
            case CLOSE -> untilClose(in);
          };
      if (complete) {
        return true;
      }
    }
    return false;
  }

  /** The connection was closed. Returns whether that completes a response. */
  public boolean closed() {
    return expect == Expect.CLOSE && complete();
  }

  private boolean next(Expect next) {
    expect = next;
    lineLength = 0;
    return false;
  }

  private boolean complete() {
    next(Expect.STATUS_LINE);
    return true;
  }

  /** Collects a line without its end. Returns whether it is there. */
  private boolean readLine(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      byte b = in.get();
      if (b == '\n') {
        if (lineLength > 0 && line[lineLength - 1] == '\r') {
          lineLength--;
        }
        return true;
      }
      if (lineLength == MAX_LINE_BYTES) {
        throw new ProtocolException("Expected a line of at most " + MAX_LINE_BYTES + " bytes");
      }
      line[lineLength++] = b;
    }
    return false;
  }

  private boolean statusLine() throws ProtocolException {
    boolean http = lineLength >= 12 && line[0] == 'H' && line[4] == '/' && line[8] == ' ';
    if (!http) {
      throw new ProtocolException("Expected a status line, but '" + lineText() + "'");
    }
    status = (int) number(9, 12, 10);
    contentLength = -1;
    chunked = false;
    keepAlive = line[7] != '0';
    excerptLength = 0;
    return next(Expect.HEADER);
  }

  private boolean header() throws ProtocolException {
    if (lineLength == 0) {
      return headersEnd();
    }
    if (startsWith(CONTENT_LENGTH)) {
      contentLength = number(valueStart(CONTENT_LENGTH), lineLength, 10);
    } else if (startsWith(TRANSFER_ENCODING)) {
      chunked = lineText().toLowerCase(Locale.ROOT).contains("chunked");
    } else if (startsWith(CONNECTION)) {
      keepAlive = !lineText().toLowerCase(Locale.ROOT).contains("close");
    }
    lineLength = 0;
    return false;
  }

  private boolean headersEnd() {
    if (status < 200) {
      return next(Expect.STATUS_LINE); // An interim answer: the response is yet to come.
    }
    if (status == 204 || status == 304 || (!chunked && contentLength == 0)) {
      return complete();
    }
    missing = contentLength;
    if (chunked) {
      return next(Expect.CHUNK_SIZE);
    }
    keepAlive &= contentLength > 0;
    return next(contentLength > 0 ? Expect.BODY : Expect.CLOSE);
  }

  private boolean chunkSize() throws ProtocolException {
    int end = 0;
    while (end < lineLength && Character.digit(line[end], 16) >= 0) {
      end++;
    }
    missing = number(0, end, 16);
    return next(missing == 0 ? Expect.TRAILER : Expect.CHUNK);
  }

  private boolean trailer() {
    boolean last = lineLength == 0;
    lineLength = 0;
    return last && complete();
  }

  private boolean skip(ByteBuffer in) {
    int count = (int) Math.min(missing, in.remaining());
    keep(in, count);
    missing -= count;
    return missing == 0;
  }

  private boolean untilClose(ByteBuffer in) {
    keep(in, in.remaining());
    return false;
  }

  private void keep(ByteBuffer in, int count) {
    int kept = status < 300 ? 0 : Math.min(count, MAX_EXCERPT_BYTES - excerptLength);
    in.get(excerpt, excerptLength, kept);
    excerptLength += kept;
    in.position(in.position() + count - kept);
  }

  private boolean startsWith(byte[] name) {
    if (lineLength < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      int c = line[i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private int valueStart(byte[] name) {
    int at = name.length;
    while (at < lineLength && line[at] == ' ') {
      at++;
    }
    return at;
  }

  private long number(int from, int to, int radix) throws ProtocolException {
    long value = 0;
    for (int at = from; at < to; at++) {
      int digit = Character.digit(line[at], radix);
      if (digit < 0 || value > Integer.MAX_VALUE) {
        throw new ProtocolException("Expected a number, but '" + lineText() + "'");
      }
      value = value * radix + digit;
    }
    if (from >= to) {
      throw new ProtocolException("Expected a number, but '" + lineText() + "'");
    }
    return value;
  }

  private String lineText() {
    return new String(line, 0, lineLength, ISO_8859_1);
  }
}
