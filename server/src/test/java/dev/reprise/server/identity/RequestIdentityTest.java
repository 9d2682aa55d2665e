package dev.reprise.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.server.endpoint.EndpointAddress;
import dev.reprise.server.endpoint.EndpointRequest;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What endpoints are told about who asks. */
class RequestIdentityTest {
  private static final String SECRET =
      "MC4CAQAwBQYDK2VwBCIEIPe++4ZTPQDF81otpoU/mOGHC2vOAVp9WbiCblvn3nXO";
  private static final String PUBLIC = "publickeyv1_AfQwmwfgEZhrWpvv8N52SHpRtZqGGaFr4AZN6qtYWSiY";

  @TempDir Path directory;
  private Instant now = Instant.ofEpochSecond(1_700_000_000);

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("key.pem"), content);
  }

  private static String pem(String content) {
    return "-----BEGIN PRIVATE KEY-----\n" + content + "\n-----END PRIVATE KEY-----\n";
  }

  private RequestIdentity identity() throws IOException {
    return RequestIdentity.read(file(pem(SECRET)), () -> now);
  }

  private static EndpointRequest request(String path, String key) {
    return new EndpointRequest(
        EndpointAddress.parse("http://somewhere/pre/fix/"),
        EndpointRequest.POST,
        AsciiString.of(path),
        key,
        new AsciiString[0]);
  }

  private static String part(AsciiString token, int number) {
    String part = token.toString().split("\\.", -1)[number];
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  @Test
  void theReferenceKeyHasItsPublicForm() throws IOException {
    assertThat(identity().publicKey()).isEqualTo(PUBLIC);
  }

  @Test
  void aTokenSaysWhichPathIsAskedForWhomAndForHowLong() throws Exception {
    AsciiString[] headers = identity().headers(request("/invoke/Greeter/greet", "ä \"b\""));

    assertThat((Object) headers[0]).hasToString("x-restate-signature-scheme");
    assertThat((Object) headers[1]).hasToString("v1");
    assertThat((Object) headers[2]).hasToString("x-restate-jwt-v1");
    assertThat(part(headers[3], 0))
        .isEqualTo("{\"typ\":\"JWT\",\"alg\":\"EdDSA\",\"kid\":\"" + PUBLIC + "\"}");
    assertThat(part(headers[3], 1))
        .isEqualTo(
            "{\"aud\":\"/invoke/Greeter/greet\",\"exp\":1700000060,\"iat\":1700000000,"
                + "\"nbf\":1699999940,\"sub\":\"ä \\\"b\\\"\"}");
    assertThat(part(identity().headers(request("/discover", ""))[3], 1)).doesNotContain("sub");
  }

  @Test
  void aTokenIsSignedWithTheKey() throws Exception {
    String token = identity().headers(request("/discover", ""))[3].toString();
    int end = token.lastIndexOf('.');

    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(publicKey());
    verifier.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
    assertThat(verifier.verify(Base64.getUrlDecoder().decode(token.substring(end + 1)))).isTrue();
  }

  private static PublicKey publicKey() throws Exception {
    // What stands before the 32 bytes of a key says that they are one.
    String raw = HexFormat.of().formatHex(decoded(PUBLIC.substring("publickeyv1_".length())));
    byte[] encoded = HexFormat.of().parseHex("302a300506032b6570032100" + raw);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static byte[] decoded(String base58) {
    String alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < base58.length(); i++) {
      BigInteger digit = BigInteger.valueOf(alphabet.indexOf(base58.charAt(i)));
      number = number.multiply(BigInteger.valueOf(58)).add(digit);
    }
    String hex = number.toString(16);
    return HexFormat.of().parseHex("0".repeat(64 - hex.length()) + hex);
  }

  @Test
  void aTokenIsUsedForSomeSecondsAndForItsPathAndKeyOnly() throws IOException {
    RequestIdentity identity = identity();
    Object first = identity.headers(request("/invoke/S/h", "a"))[3];

    now = now.plus(Duration.ofSeconds(9));
    assertThat((Object) identity.headers(request("/invoke/S/h", "a"))[3]).isSameAs(first);
    assertThat((Object) identity.headers(request("/invoke/S/h", "b"))[3]).isNotEqualTo(first);
    assertThat((Object) identity.headers(request("/invoke/S/i", "a"))[3]).isNotEqualTo(first);
    now = now.plus(Duration.ofSeconds(1));
    assertThat(part(identity.headers(request("/invoke/S/h", "a"))[3], 1))
        .contains("\"iat\":1700000010");
  }

  @Test
  void bytesWithLeadingZerosKeepThem() {
    assertThat(Base58.encode(new byte[] {0, 0, 1})).isEqualTo("112");
    assertThat(Base58.encode("Hello World!".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("2NEpo7TZRRrLZSi2U");
    assertThat(Base58.encode(new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, Expected a PEM block PRIVATE KEY",
    "'-----BEGIN PUBLIC KEY-----AA==-----END PUBLIC KEY-----', Expected a PEM block PRIVATE KEY",
    "'-----BEGIN PRIVATE KEY-----A?=-----END PRIVATE KEY-----', Expected",
    "'-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----', of Ed25519"
  })
  void aFileWithoutAKeyIsRefusedAndNotShown(String content, String why) throws IOException {
    Path file = file(content);

    assertThatThrownBy(() -> RequestIdentity.read(file, () -> now))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why)
        .hasMessageContaining(file.toString());
  }

  @Test
  void twoKeysAndKeysOfAnotherKindAreRefused() throws Exception {
    Path two = file(pem(SECRET) + pem(SECRET));
    assertThatThrownBy(() -> RequestIdentity.read(two, () -> now))
        .hasMessageContaining("exactly one PEM block");

    KeyPairGenerator other = KeyPairGenerator.getInstance("EC");
    String encoded =
        Base64.getMimeEncoder().encodeToString(other.generateKeyPair().getPrivate().getEncoded());
    Path wrong = file(pem(encoded));
    assertThatThrownBy(() -> RequestIdentity.read(wrong, () -> now))
        .hasMessageContaining("Expected a private key of Ed25519");
    assertThatThrownBy(() -> RequestIdentity.read(directory.resolve("no"), () -> now))
        .hasMessageContaining("Expected a readable file with a key");
  }
}
