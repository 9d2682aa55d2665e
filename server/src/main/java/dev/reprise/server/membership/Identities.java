package dev.reprise.server.membership;

import dev.reprise.cluster.membership.Address;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks node ports who answers there. Any thread; blocks for up to a few seconds. */
final class Identities implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Identities.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int LONGEST = 64 << 10;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** The answer; null when there is none, or it is no identity. */
  @Nullable Identity ask(Address node) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + node + "/identity")).timeout(TIMEOUT).build();
    try {
      HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() == 200 && answer.body().length <= LONGEST) {
        return Identity.parse(answer.body());
      }
      LOG.debug("{} answers {} to who it is", node, answer.statusCode());
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("{} does not say who it is", node, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  /**
   * What is wrong with one of the peers that speaks TLS where this node does not, or vice versa.
   */
  @Nullable String unlike(Peers peers, Identity own) {
    for (Address address : peers.resolve()) {
      Identity there = ask(address);
      if (there != null && there.tls() != own.tls()) {
        return own.unlike(address, there);
      }
    }
    return null;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
