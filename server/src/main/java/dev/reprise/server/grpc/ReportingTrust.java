package dev.reprise.server.grpc;

import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log which certificates are not believed; a few lines a minute. Any thread. */
final class ReportingTrust extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(ReportingTrust.class);
  private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final X509ExtendedTrustManager judge;
  private final Path trusted;
  private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - BETWEEN_NANOS);

  @FunctionalInterface
  private interface Judgement {
    void pass() throws CertificateException;
  }

  /**
   * @param trusted the file that lists who is believed, for the line
   */
  ReportingTrust(X509ExtendedTrustManager judge, Path trusted) {
    this.judge = judge;
    this.trusted = trusted;
  }

  private void report(X509Certificate[] chain, Judgement judgement) throws CertificateException {
    try {
      judgement.pass();
    } catch (CertificateException e) {
      long last = saidAt.get();
      long now = System.nanoTime();
      if (now - last >= BETWEEN_NANOS && saidAt.compareAndSet(last, now)) {
        LOG.warn(
            "a connection between nodes is refused: Expected a certificate of a node that {}"
                + " vouches for, but got that of {}: {}",
            trusted,
            chain.length == 0 ? "nobody" : chain[0].getSubjectX500Principal().getName(),
            e.getMessage());
      }
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    report(chain, () -> judge.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    report(chain, () -> judge.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    report(chain, () -> judge.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    report(chain, () -> judge.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    report(chain, () -> judge.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    report(chain, () -> judge.checkServerTrusted(chain, type));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }
}
