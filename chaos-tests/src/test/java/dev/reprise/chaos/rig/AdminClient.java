package dev.reprise.chaos.rig;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import dev.reprise.chaos.rig.IngressClient.Answer;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/** Asks a server's admin doors. Safe for use by many threads. */
public final class AdminClient {
  private final IngressClient http;
  private final String grpc;

  AdminClient(URI base, String grpc) {
    this.http = new IngressClient(base);
    this.grpc = grpc;
  }

  /** Of doors that are there already; {@code grpc} is host and port. */
  public static AdminClient at(URI base, String grpc) {
    return new AdminClient(base, grpc);
  }

  public URI base() {
    return http.base();
  }

  /** Any request. */
  public IngressClient.Request to(String path) {
    return http.to(path);
  }

  /** Registers an endpoint. */
  public void register(URI endpoint) throws IOException {
    Answer answer = http.to("deployments").post("{\"uri\":\"" + endpoint + "\"}");
    if (answer.status() != 201 && answer.status() != 200) {
      throw new AssertionError("Expected " + endpoint + " to be registered, but got " + answer);
    }
  }

  /** Registers an endpoint once more, whether it is known or not; false when that was refused. */
  public boolean tryToRegister(URI endpoint) throws IOException {
    int status =
        http.to("deployments").post("{\"uri\":\"" + endpoint + "\",\"force\":true}").status();
    return status == 201 || status == 200;
  }

  /** All deployments, as JSON. */
  public String deployments() throws IOException {
    return http.to("deployments").get().expectText();
  }

  /**
   * The sum of a metric over its labels.
   *
   * @param name without the suffix that counters get
   */
  public double metric(String name) throws IOException {
    double sum = 0;
    boolean found = false;
    for (String line : http.to("metrics").get().expectText().split("\n", -1)) {
      int end = line.indexOf('{') < 0 ? line.indexOf(' ') : line.indexOf('{');
      if (line.startsWith("#") || end < 0) {
        continue;
      }
      String metric = line.substring(0, end);
      if (metric.equals(name) || metric.equals(name + "_total")) {
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        found = true;
      }
    }
    if (!found) {
      throw new NoSuchElementException("Expected a metric " + name + ", but there is none");
    }
    return sum;
  }

  /** Invocations of a service that have not ended. */
  public List<InvocationInfo> open(String service) {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(grpc).usePlaintext().build();
    try {
      List<InvocationInfo> found = new ArrayList<>();
      AdminGrpc.newBlockingStub(channel)
          .withDeadlineAfter(10, TimeUnit.SECONDS)
          .listInvocations(ListInvocationsRequest.newBuilder().setService(service).build())
          .forEachRemaining(found::add);
      return found;
    } finally {
      channel.shutdownNow();
    }
  }

  /** The status of an open invocation. */
  public String status(String service, String invocationId) {
    return open(service).stream()
        .filter(it -> it.getId().equals(invocationId))
        .map(InvocationInfo::getStatus)
        .findFirst()
        .orElseThrow(
            () -> new NoSuchElementException("Expected " + invocationId + " to be listed"));
  }
}
