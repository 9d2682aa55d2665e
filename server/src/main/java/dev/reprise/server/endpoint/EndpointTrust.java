package dev.reprise.server.endpoint;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose word counts about an endpoint's certificate: the platform's authorities, and those of a
 * file beside them. Read once, at the first endpoint with TLS. Any thread.
 */
public final class EndpointTrust {
  private final List<X509Certificate> further;
  private @Nullable SslContext http2;
  private @Nullable SslContext http11;

  private EndpointTrust(List<X509Certificate> further) {
    this.further = List.copyOf(further);
  }

  /** The platform's authorities only. */
  public static EndpointTrust platform() {
    return new EndpointTrust(List.of());
  }

  /**
   * Those of a file too.
   *
   * @param pem one or more certificates in PEM
   * @throws IOException where there is no certificate in it, with a message for an operator
   */
  public static EndpointTrust alsoOf(Path pem) throws IOException {
    if (!Files.isReadable(pem)) {
      throw new IOException(
          "Expected a readable file with certificates at " + pem + ", but there is none");
    }
    Collection<? extends Certificate> read;
    try (InputStream in = Files.newInputStream(pem)) {
      read = CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (GeneralSecurityException e) {
      throw new IOException("Expected certificates in PEM in " + pem + ", but " + e.getMessage());
    }
    List<X509Certificate> found = new ArrayList<>();
    for (Certificate each : read) {
      if (each instanceof X509Certificate certificate) {
        found.add(certificate);
      }
    }
    if (found.isEmpty()) {
      throw new IOException("Expected certificates in PEM in " + pem + ", but there are none");
    }
    return new EndpointTrust(found);
  }

  /** For a client that offers HTTP/2 first, or HTTP/1.1 only. */
  synchronized SslContext context(boolean onlyHttp11) throws IOException {
    SslContext known = onlyHttp11 ? http11 : http2;
    if (known == null) {
      try {
        known = make(onlyHttp11);
      } catch (GeneralSecurityException e) {
        throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
      }
      if (onlyHttp11) {
        http11 = known;
      } else {
        http2 = known;
      }
    }
    return known;
  }

  private SslContext make(boolean onlyHttp11) throws GeneralSecurityException, SSLException {
    List<String> offered =
        onlyHttp11
            ? List.of(ApplicationProtocolNames.HTTP_1_1)
            : List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .trustManager(authorities())
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .endpointIdentificationAlgorithm("HTTPS")
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                offered))
        .build();
  }

  private TrustManagerFactory authorities() throws GeneralSecurityException {
    KeyStore all;
    try {
      all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int number = 0;
      for (X509Certificate each : further) {
        all.setCertificateEntry("further-" + number++, each);
      }
      TrustManagerFactory platform =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      platform.init((KeyStore) null);
      for (TrustManager manager : platform.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          for (X509Certificate each : x509.getAcceptedIssuers()) {
            all.setCertificateEntry("platform-" + number++, each);
          }
        }
      }
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    TrustManagerFactory made =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    made.init(all);
    return made;
  }
}
