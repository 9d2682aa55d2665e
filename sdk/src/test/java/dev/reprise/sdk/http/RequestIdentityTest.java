package dev.reprise.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may ask: a server whose key is known, for this path, now. */
@Timeout(30)
class RequestIdentityTest {
  /** A pair that was published as an example. */
  private static final String KEY = "publickeyv1_AfQwmwfgEZhrWpvv8N52SHpRtZqGGaFr4AZN6qtYWSiY";

  private static final String PRIVATE =
      "MC4CAQAwBQYDK2VwBCIEIPe++4ZTPQDF81otpoU/mOGHC2vOAVp9WbiCblvn3nXO";
  private static final String OTHER_KEY = "publickeyv1_11111111111111111111111111111111";
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final Route GREET = Route.of("POST", "/behind/a/prefix/invoke/greeter/greet?x=y");

  private final RequestIdentity identity =
      new RequestIdentity(List.of(OTHER_KEY, KEY), InstantSource.fixed(NOW));

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String token(String header, String claims) throws GeneralSecurityException {
    PrivateKey key =
        KeyFactory.getInstance("Ed25519")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(PRIVATE)));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(key);
    String text = encode(header) + "." + encode(claims);
    signature.update(text.getBytes(StandardCharsets.US_ASCII));
    return text + "." + encode(signature.sign());
  }

  private static String claims(String path, long begin, long end) {
    return "{\"aud\":\"%s\",\"iat\":%d,\"nbf\":%d,\"exp\":%d}".formatted(path, begin, begin, end);
  }

  private static String token(String path, long from, long until) throws Exception {
    long now = NOW.getEpochSecond();
    return token(
        "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"" + KEY + "\"}",
        claims(path, now + from, now + until));
  }

  private String problem(Route route, String token) {
    return String.valueOf(
        identity.problem(
            route, Map.of("x-restate-signature-scheme", "v1", "x-restate-jwt-v1", token)::get));
  }

  @Test
  void aTokenForThisPathThatIsValidNowLetsIn() throws Exception {
    assertThat(problem(GREET, token("/invoke/greeter/greet", -60, 60))).isEqualTo("null");
    assertThat(problem(Route.of("GET", "/p/discover"), token("/discover", 0, 0))).isEqualTo("null");
  }

  @Test
  void otherPathsAndTimesAreRefused() throws Exception {
    assertThat(problem(GREET, token("/invoke/greeter/reset", -60, 60)))
        .contains("Expected a token for /invoke/greeter/greet");
    assertThat(problem(GREET, token("/invoke/greeter/greet", -60, -1))).contains("valid now");
    assertThat(problem(GREET, token("/invoke/greeter/greet", 1, 60))).contains("valid now");
  }

  @Test
  void otherKeysSignaturesAndFormsAreRefused() throws Exception {
    String good = token("/invoke/greeter/greet", -60, 60);
    String unsigned = good.substring(0, good.lastIndexOf('.') + 1);
    for (String bad :
        List.of(
            "",
            "a.b",
            "a.b.c",
            "..",
            "x".repeat(9000),
            unsigned,
            unsigned + "AAAA",
            unsigned + "!",
            "f" + good.substring(1),
            token("{\"alg\":\"none\"}", claims("/invoke/greeter/greet", 999_999, 1_000_001)),
            token("{\"alg\":\"EdDSA\"}", "{\"aud\":\"/invoke/greeter/greet\"}"),
            token("{\"alg\":\"EdDSA\"}", "[]"))) {
      assertThat(problem(GREET, bad)).as(bad).startsWith("Expected ");
    }
    var others = new RequestIdentity(List.of(OTHER_KEY), InstantSource.fixed(NOW));
    assertThat(
            others.problem(
                GREET, Map.of("x-restate-signature-scheme", "v1", "x-restate-jwt-v1", good)::get))
        .contains("known key");
  }

  @Test
  void withoutKeysEverybodyIsLetInAndHealthIsForAll() {
    var open = new RequestIdentity(List.of(), InstantSource.fixed(NOW));
    assertThat(open.problem(GREET, name -> null)).isNull();
    assertThat(identity.problem(Route.of("GET", "/health"), name -> null)).isNull();
    assertThat(identity.problem(GREET, Map.of("x-restate-signature-scheme", "unsigned")::get))
        .contains("scheme v1");
  }

  @Test
  void whatIsNoKeyIsRefusedAtTheStart() {
    for (String bad : List.of("", "publickeyv1_", "publickeyv1_0OIl", KEY + "1", "AfQwmw")) {
      assertThatThrownBy(() -> new RequestIdentity(List.of(bad), InstantSource.system()))
          .as(bad)
          .hasMessageContaining("Expected a key such as");
    }
  }

  @Service
  static class Open {
    @Handler
    void enter() {}
  }

  @Test
  void anEndpointWithKeysAnswersStrangersWith401() throws Exception {
    try (var endpoint = Endpoint.bind(new Open()).identityKeys(KEY).listen(0);
        var server = new Http2Peer(endpoint.port())) {
      var refused = server.get("/discover", Map.of());
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.text()).contains("Expected a request signed by scheme v1");
      assertThat(server.invoke("/invoke/Open/enter").end().status()).isEqualTo(401);
      assertThat(server.get("/health", Map.of()).status()).isEqualTo(200);
    }
  }
}
