package dev.reprise.server.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How nodes speak to each other: plainly, or with TLS in which either side shows a certificate that
 * the other one believes. New connections go by what the files say now; those that are there stay.
 * Any thread.
 */
public final class NodeTls {
  /** Nodes speak plainly. */
  public static final NodeTls NONE = new NodeTls(null);

  private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);

  private final @Nullable Shown shown;

  /**
   * Where it stands, in PEM.
   *
   * @param certificate this node's, and those between it and one that the others believe
   * @param key its private key, as PKCS 8
   * @param trust certificates of whoever signs the nodes' ones
   */
  public record Sources(Path certificate, Path key, Path trust) {}

  /** What this node shows and believes. */
  private static final class Shown {
    private final Sources sources;
    private final AdvancedTlsX509KeyManager keys;
    private final AdvancedTlsX509TrustManager believed;
    private final X509ExtendedTrustManager trust;

    /** Guarded by this: what was read last, taken up or not. */
    private byte[] last;

    Shown(Sources sources) throws IOException {
      this.sources = sources;
      this.keys = new AdvancedTlsX509KeyManager();
      try {
        // Whoever is called must be who was called: the host is checked, too.
        this.believed = AdvancedTlsX509TrustManager.newBuilder().build();
        Read read = Read.of(sources);
        take(read);
        this.last = read.digest();
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new IOException("Expected certificates and a key, but " + e.getMessage(), e);
      }
      this.trust = new ReportingTrust(believed, sources.trust());
    }

    private void take(Read read) throws IOException, GeneralSecurityException {
      X509Certificate[] chain = certificates(read.certificate, sources.certificate());
      PrivateKey key = key(read.key, sources.key());
      expectPair(chain[0], key, sources);
      believed.updateTrustCredentials(certificates(read.trust, sources.trust()));
      keys.updateIdentityCredentials(chain, key);
    }

    synchronized boolean reload() {
      try {
        Read read = Read.of(sources);
        if (MessageDigest.isEqual(read.digest(), last)) {
          return false;
        }
        last = read.digest();
        take(read);
        LOG.info("nodes are shown the certificate that {} has now", sources.certificate());
        return true;
      } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
        // Files are replaced one after the other; what is not a pair yet will be.
        LOG.warn("the certificate shown to nodes stays as it was: {}", e.getMessage());
        return false;
      }
    }
  }

  /** The bytes of the three files. */
  private static final class Read {
    private final byte[] certificate;
    private final byte[] key;
    private final byte[] trust;

    private Read(byte[] certificate, byte[] key, byte[] trust) {
      this.certificate = certificate;
      this.key = key;
      this.trust = trust;
    }

    static Read of(Sources sources) throws IOException {
      return new Read(
          bytes("a certificate", sources.certificate()),
          bytes("a private key", sources.key()),
          bytes("certificates", sources.trust()));
    }

    private static byte[] bytes(String what, Path file) throws IOException {
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new IOException("Expected " + what + " in " + file + ", but it cannot be read", e);
      }
    }

    byte[] digest() throws GeneralSecurityException {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] each : List.of(certificate, key, trust)) {
        digest.update(MessageDigest.getInstance("SHA-256").digest(each));
      }
      return digest.digest();
    }
  }

  private NodeTls(@Nullable Shown shown) {
    this.shown = shown;
  }

  /**
   * With TLS, by these files.
   *
   * @throws IOException with what was expected in which of them
   */
  public static NodeTls of(Sources sources) throws IOException {
    return new NodeTls(new Shown(sources));
  }

  private static X509Certificate[] certificates(byte[] pem, Path file)
      throws IOException, GeneralSecurityException {
    X509Certificate[] found = CertificateUtils.getX509Certificates(new ByteArrayInputStream(pem));
    if (found.length == 0) {
      throw new IOException("Expected a certificate in " + file + ", but there is none");
    }
    return found;
  }

  private static PrivateKey key(byte[] pem, Path file) throws IOException {
    try {
      return CertificateUtils.getPrivateKey(new ByteArrayInputStream(pem));
    } catch (GeneralSecurityException | IllegalArgumentException | IOException e) {
      throw new IOException(
          "Expected a private key as PKCS 8 (BEGIN PRIVATE KEY) of RSA or EC in "
              + file
              + ", but: "
              + e.getMessage(),
          e);
    }
  }

  private static void expectPair(X509Certificate certificate, PrivateKey key, Sources sources)
      throws IOException, GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    byte[] sample = {1, 2, 3};
    boolean pair = key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm());
    if (pair) {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(sample);
      pair = signature.verify(signed);
    }
    if (!pair) {
      throw new IOException(
          "Expected the key in "
              + sources.key()
              + " to be that of the first certificate in "
              + sources.certificate()
              + ", but it is another one's");
    }
  }

  /** Whether nodes show certificates to each other. */
  public boolean isOn() {
    return shown != null;
  }

  /** What this node shows; null where nodes speak plainly. */
  public @Nullable X509ExtendedKeyManager keys() {
    return shown == null ? null : shown.keys;
  }

  /** Whom this node believes; null where nodes speak plainly. */
  public @Nullable X509ExtendedTrustManager trust() {
    return shown == null ? null : shown.trust;
  }

  /**
   * Takes up what the files say now; what makes no sense is said once, and changes nothing. To be
   * called now and then. Blocks on disk.
   *
   * @return whether something else is shown or believed from now on
   */
  public boolean reload() {
    return shown != null && shown.reload();
  }

  /** For a port that other nodes call. */
  ServerCredentials server() {
    return shown == null
        ? InsecureServerCredentials.create()
        : TlsServerCredentials.newBuilder()
            .keyManager(shown.keys)
            .trustManager(shown.trust)
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
            .build();
  }

  /** For calling other nodes. */
  public ChannelCredentials channel() {
    return shown == null
        ? InsecureChannelCredentials.create()
        : TlsChannelCredentials.newBuilder()
            .keyManager(shown.keys)
            .trustManager(shown.trust)
            .build();
  }

  /** What was wrong with the certificates where that is why a call failed; else null. */
  public static @Nullable String problem(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SSLException) {
        return String.valueOf(each.getMessage());
      }
    }
    return null;
  }
}
