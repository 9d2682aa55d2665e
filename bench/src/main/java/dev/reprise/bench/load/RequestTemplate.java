package dev.reprise.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Renders complete HTTP/1.1 requests. Path, header lines and body are {@link Template}s; the body's
 * length is declared. One thread: the body is rendered into a scratch buffer first.
 */
public final class RequestTemplate {
  private static final byte[] LINE_END = {'\r', '\n'};

  private final byte[] method;
  private final Template path;
  private final byte[] fixedLines;
  private final Template headers;
  private final Template body;
  private final byte[] lengthName = "content-length: ".getBytes(US_ASCII);
  private final ByteBuffer bodyScratch;

  /**
   * @param host value of the host header
   * @param headerLines further header lines without line ends; may hold templates
   * @param body empty for a request without body and content type
   */
  public RequestTemplate(
      String method,
      String host,
      String path,
      List<String> headerLines,
      String contentType,
      String body) {
    this.method = (method + " ").getBytes(US_ASCII);
    this.path = Template.of(path);
    String type = body.isEmpty() ? "" : "content-type: " + contentType + "\r\n";
    this.fixedLines = (" HTTP/1.1\r\nhost: " + host + "\r\n" + type).getBytes(US_ASCII);
    StringBuilder lines = new StringBuilder();
    headerLines.forEach(line -> lines.append(line).append("\r\n"));
    this.headers = Template.of(lines.toString());
    this.body = Template.of(body);
    this.bodyScratch = ByteBuffer.allocate(this.body.maxLength());
  }

  /** Bytes that {@link #render} never exceeds. */
  public int maxLength() {
    int lengthLine = lengthName.length + 10 + 2 * LINE_END.length;
    return method.length
        + path.maxLength()
        + fixedLines.length
        + headers.maxLength()
        + lengthLine
        + body.maxLength();
  }

  /** Appends one request. */
  public void render(ByteBuffer out, long key, long sequence) {
    out.put(method);
    path.render(out, key, sequence);
    out.put(fixedLines);
    headers.render(out, key, sequence);
    bodyScratch.clear();
    body.render(bodyScratch, key, sequence);
    bodyScratch.flip();
    out.put(lengthName);
    Template.putDecimal(out, bodyScratch.remaining());
    out.put(LINE_END).put(LINE_END).put(bodyScratch);
  }
}
