package dev.reprise.server.http;

import dev.reprise.storage.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/1 connection of a test that says exactly the bytes that it is given. */
public final class RawClient implements AutoCloseable {
  private static final int DEADLINE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  public RawClient(InetSocketAddress address) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
    socket.setSoTimeout(DEADLINE_MILLIS);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /** What came back. Header names are in lower case. */
  public record Reply(String statusLine, Map<String, String> headers, Bytes content) {
    public byte[] bytes() {
      return content.toArray();
    }

    public int status() {
      return Integer.parseInt(statusLine.split(" ", 3)[1]);
    }

    public String body() {
      return content.toUtf8();
    }

    /** A header's value, empty when it is absent. */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a request with a body; each header is a whole line. */
  public Reply request(String method, String target, String body, String... headers)
      throws IOException {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nhost: test\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 || method.equals("POST")) {
      head.append("content-length: ").append(bytes.length).append("\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(bytes);
    send(all.toByteArray());
    return reply(method.equals("HEAD"));
  }

  public Reply get(String target, String... headers) throws IOException {
    return request("GET", target, "", headers);
  }

  /** A POST of JSON. */
  public Reply post(String target, String body, String... headers) throws IOException {
    String[] all = new String[headers.length + 1];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "content-type: application/json";
    return request("POST", target, body, all);
  }

  /** Reads the next response. */
  public Reply reply() throws IOException {
    return reply(false);
  }

  public Reply reply(boolean bodiless) throws IOException {
    String status = line();
    Map<String, String> headers = new TreeMap<>();
    for (String field = line(); !field.isEmpty(); field = line()) {
      int colon = field.indexOf(':');
      headers.put(
          field.substring(0, colon).toLowerCase(Locale.ROOT), field.substring(colon + 1).trim());
    }
    int length = bodiless ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("Expected " + length + " bytes of body, but got " + body.length);
    }
    return new Reply(status, headers, Bytes.of(body));
  }

  /** Whether the server closed the connection and said nothing more. */
  public boolean closed() throws IOException {
    return in.read() < 0;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("Expected a line, but the connection ended after: " + line);
      }
      if (b == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
