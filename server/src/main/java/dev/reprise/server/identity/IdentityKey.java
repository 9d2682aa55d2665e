package dev.reprise.server.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key of Ed25519, and the public one that belongs to it. Immutable; any thread.
 *
 * @param publicText {@code publickeyv1_…}, as endpoints are configured with
 */
record IdentityKey(PrivateKey secret, String publicText) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final String PREFIX = "publickeyv1_";
  private static final int RAW_BYTES = 32;

  /**
   * Reads a key.
   *
   * @param pem one block of PKCS 8
   * @throws IOException with a message for an operator; never says what is in the file
   */
  static IdentityKey read(Path pem) throws IOException {
    if (!Files.isReadable(pem)) {
      throw new IOException(
          "Expected a readable file with a key at " + pem + ", but there is none");
    }
    String text = Files.readString(pem, StandardCharsets.US_ASCII);
    Matcher block = BLOCK.matcher(text);
    if (!block.find() || !block.group(1).equals("PRIVATE KEY")) {
      throw new IOException("Expected a PEM block PRIVATE KEY in " + pem + ", but there is none");
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(block.group(2).trim());
    } catch (IllegalArgumentException e) {
      throw new IOException("Expected base64 in the PEM block of " + pem + ", but it is not");
    }
    if (block.find()) {
      throw new IOException("Expected exactly one PEM block in " + pem + ", but there are more");
    }
    try {
      PrivateKey secret =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return new IdentityKey(secret, PREFIX + Base58.encode(publicOf(secret)));
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "Expected a private key of Ed25519 in " + pem + ", but: " + e.getMessage());
    }
  }

  /**
   * The platform derives a public key only while it makes a pair: so make it from the same seed.
   */
  private static byte[] publicOf(PrivateKey secret) throws GeneralSecurityException {
    byte[] seed =
        secret instanceof EdECPrivateKey key ? key.getBytes().orElse(new byte[0]) : new byte[0];
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
    KeyPair pair = generator.generateKeyPair();
    if (!Arrays.equals(pair.getPrivate().getEncoded(), secret.getEncoded())) {
      throw new GeneralSecurityException("its public key cannot be derived");
    }
    byte[] encoded = pair.getPublic().getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
  }

  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
    }
  }
}
