package dev.reprise.sdk.http;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes requests only from servers that own one of the given keys: each request carries a token,
 * signed with Ed25519, that names its path and is valid for a short while. Without keys everybody
 * is let in. Safe for use by many threads.
 */
final class RequestIdentity {
  private static final String PREFIX = "publickeyv1_";
  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final int KEY_BYTES = 32;

  /** What stands before the key's own bytes in a SubjectPublicKeyInfo. */
  private static final byte[] ED25519_INFO = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int MAX_TOKEN = 8 * 1024;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final List<PublicKey> keys;
  private final InstantSource clock;

  /** Throws {@link IllegalArgumentException} when one is no key. */
  RequestIdentity(List<String> published, InstantSource clock) {
    var read = new ArrayList<PublicKey>();
    published.forEach(it -> read.add(key(it)));
    this.keys = List.copyOf(read);
    this.clock = clock;
  }

  private static PublicKey key(String published) {
    byte[] raw = published.startsWith(PREFIX) ? base58(published.substring(PREFIX.length())) : null;
    if (raw == null || raw.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "Expected a key such as %sAfQwmwfgEZhrWpvv8N52SHpRtZqGGaFr4AZN6qtYWSiY, but got %s"
              .formatted(PREFIX, published));
    }
    byte[] info = Arrays.copyOf(ED25519_INFO, ED25519_INFO.length + KEY_BYTES);
    System.arraycopy(raw, 0, info, ED25519_INFO.length, KEY_BYTES);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("Expected an Ed25519 key, but got " + published, e);
    }
  }

  private static byte @Nullable [] base58(String text) {
    BigInteger number = BigInteger.ZERO;
    int zeros = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        return null;
      }
      if (digit == 0 && zeros == i) {
        zeros++;
      }
      number =
          number.multiply(BigInteger.valueOf(ALPHABET.length())).add(BigInteger.valueOf(digit));
    }
    byte[] signed = number.toByteArray();
    int skip = signed[0] == 0 ? 1 : 0;
    byte[] bytes = new byte[zeros + signed.length - skip];
    System.arraycopy(signed, skip, bytes, zeros, signed.length - skip);
    return bytes;
  }

  /**
   * What is wrong with a request, or null.
   *
   * @param header finds a header by its name in lower case
   */
  @Nullable String problem(Route route, Function<String, @Nullable String> header) {
    if (keys.isEmpty() || route instanceof Route.Health) {
      return null;
    }
    String scheme = header.apply("x-restate-signature-scheme");
    if (!"v1".equals(scheme)) {
      return "Expected a request signed by scheme v1, but got " + scheme;
    }
    String token = header.apply("x-restate-jwt-v1");
    if (token == null || token.length() > MAX_TOKEN) {
      return "Expected a token of the server, but got none";
    }
    try {
      return problem(token, route.signedPath());
    } catch (IllegalArgumentException | JacksonException | GeneralSecurityException e) {
      return "Expected a readable token, but " + e.getMessage();
    }
  }

  private @Nullable String problem(String token, String path) throws GeneralSecurityException {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return "Expected a token of three parts, but got " + parts.length;
    }
    if (!text(json(parts[0]), "alg").equals("EdDSA")) {
      return "Expected a token signed by EdDSA, but it is not";
    }
    byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    if (!isSigned(signed, Base64.getUrlDecoder().decode(parts[2]))) {
      return "Expected a token signed with a known key, but it is not";
    }
    JsonNode claims = json(parts[1]);
    if (!text(claims, "aud").equals(path)) {
      return "Expected a token for %s, but it is for another path".formatted(path);
    }
    Instant now = clock.instant();
    boolean begun = seconds(claims, "nbf") <= now.getEpochSecond() && seconds(claims, "iat") > 0;
    boolean over = seconds(claims, "exp") < now.getEpochSecond();
    return begun && !over ? null : "Expected a token that is valid now, but it is not";
  }

  private boolean isSigned(byte[] text, byte[] signature) throws GeneralSecurityException {
    for (PublicKey key : keys) {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(text);
      if (isRight(check, signature)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRight(Signature check, byte[] signature) {
    try {
      return check.verify(signature);
    } catch (SignatureException e) {
      return false; // Not even the form of a signature: as good as a wrong one.
    }
  }

  private static JsonNode json(String part) {
    return JSON.readTree(Base64.getUrlDecoder().decode(part));
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).isString() ? json.path(name).stringValue() : "";
  }

  private static long seconds(JsonNode claims, String name) {
    if (!claims.path(name).canConvertToLong()) {
      throw new IllegalArgumentException("there is no " + name);
    }
    return claims.path(name).longValue();
  }
}
