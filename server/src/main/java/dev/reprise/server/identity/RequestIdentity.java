package dev.reprise.server.identity;

import dev.reprise.server.endpoint.EndpointRequest;
import dev.reprise.server.endpoint.RequestSigner;
import dev.reprise.server.text.JsonText;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signs requests with the server's key: a token says which path is asked, for whom, and for how
 * long that may be believed. Any thread; a signature takes some tenths of a millisecond, so one for
 * the same path and key is used for some seconds.
 */
public final class RequestIdentity implements RequestSigner {
  private static final AsciiString SCHEME = AsciiString.cached("x-restate-signature-scheme");
  private static final AsciiString V1 = AsciiString.cached("v1");
  private static final AsciiString TOKEN = AsciiString.cached("x-restate-jwt-v1");

  /** How far an endpoint's clock may be from ours, either way. */
  private static final long BELIEVED_SECONDS = 60;

  /** Leaves an endpoint most of what it is believed for, after waiting for a connection. */
  private static final long REUSED_SECONDS = 10;

  private static final int REMEMBERED = 1_000;

  private final IdentityKey key;
  private final InstantSource clock;
  private final String header;
  private final Map<Subject, Signed> signed = new ConcurrentHashMap<>();

  private record Subject(String path, String key) {}

  private record Signed(long atSeconds, AsciiString token) {}

  private RequestIdentity(IdentityKey key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
    this.header =
        base64("{\"typ\":\"JWT\",\"alg\":\"EdDSA\",\"kid\":\"" + key.publicText() + "\"}");
  }

  /**
   * The identity of this key.
   *
   * @param pem a private key of Ed25519 in PKCS 8, in exactly one PEM block
   * @throws IOException with a message for an operator
   */
  public static RequestIdentity read(Path pem, InstantSource clock) throws IOException {
    return new RequestIdentity(IdentityKey.read(pem), clock);
  }

  /** What endpoints are to be configured with: {@code publickeyv1_…}. */
  public String publicKey() {
    return key.publicText();
  }

  @Override
  public AsciiString[] headers(EndpointRequest request) {
    Subject subject = new Subject(request.own().toString(), request.key());
    long now = clock.instant().getEpochSecond();
    Signed known = signed.get(subject);
    if (known == null || Math.abs(now - known.atSeconds()) >= REUSED_SECONDS) {
      if (signed.size() >= REMEMBERED) {
        signed.clear();
      }
      known = new Signed(now, token(subject, now));
      signed.put(subject, known);
    }
    return new AsciiString[] {SCHEME, V1, TOKEN, known.token()};
  }

  private AsciiString token(Subject subject, long now) {
    StringBuilder claims = new StringBuilder("{\"aud\":");
    JsonText.quote(claims, subject.path())
        .append(",\"exp\":")
        .append(now + BELIEVED_SECONDS)
        .append(",\"iat\":")
        .append(now)
        .append(",\"nbf\":")
        .append(now - BELIEVED_SECONDS);
    if (!subject.key().isEmpty()) {
      JsonText.quote(claims.append(",\"sub\":"), subject.key());
    }
    String text = header + "." + base64(claims.append('}').toString());
    return AsciiString.of(text + "." + base64(sign(text.getBytes(StandardCharsets.US_ASCII))));
  }

  private byte[] sign(byte[] text) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key.secret());
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Expected Ed25519 on this platform", e);
    }
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
