package dev.reprise.server.http;

import dev.reprise.storage.model.Bytes;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A status, header fields in order and a whole body. Length, date and what the connection needs are
 * added when it is written. Confined to whoever builds it, until it is given to an exchange.
 */
public final class Response {
  public static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  public static final AsciiString JSON = AsciiString.cached("application/json");
  public static final AsciiString TEXT = AsciiString.cached("text/plain; charset=utf-8");

  private final int status;
  private CharSequence[] fields = new CharSequence[16];
  private int used;
  private Bytes body = Bytes.EMPTY;

  /**
   * A response without a body.
   *
   * @param status from 200 to 999
   */
  public Response(int status) {
    if (status < 200 || status > 999) {
      throw new IllegalArgumentException("Expected a final HTTP status, but got " + status);
    }
    this.status = status;
  }

  public static Response json(int status, String json) {
    return new Response(status).header(CONTENT_TYPE, JSON).body(Bytes.utf8(json));
  }

  public static Response text(int status, String text) {
    return new Response(status).header(CONTENT_TYPE, TEXT).body(Bytes.utf8(text));
  }

  /**
   * Adds a header field.
   *
   * @param name in lower case
   * @param value what is not printable ASCII in it is written as a question mark, unless it is an
   *     {@link AsciiString}, which is written as it is and must come from us
   */
  public Response header(AsciiString name, CharSequence value) {
    if (used == fields.length) {
      fields = Arrays.copyOf(fields, used * 2);
    }
    fields[used++] = name;
    fields[used++] = value;
    return this;
  }

  public Response body(Bytes bytes) {
    this.body = bytes;
    return this;
  }

  public int status() {
    return status;
  }

  public Bytes body() {
    return body;
  }

  /** The first value of a field, or null. */
  public @Nullable CharSequence header(AsciiString name) {
    for (int i = 0; i < used; i += 2) {
      if (name.contentEqualsIgnoreCase(fields[i])) {
        return fields[i + 1];
      }
    }
    return null;
  }

  int fields() {
    return used / 2;
  }

  AsciiString name(int field) {
    return (AsciiString) fields[2 * field];
  }

  CharSequence value(int field) {
    return fields[2 * field + 1];
  }

  /** A status that has no body by its nature has no length either. */
  boolean hasLength() {
    return status != 204 && status != 304;
  }

  /** The body as it will be written: none where the status forbids one. */
  Bytes writtenBody() {
    return hasLength() ? body : Bytes.EMPTY;
  }
}
