package dev.reprise.conformance;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import dev.reprise.chaos.rig.Eventually;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node of the server that is judged, through one of its ingress doors. Any thread. */
public final class Judged implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 10;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final Door door;
  private final IngressClient admin;
  private final @Nullable ManagedChannel channel;

  private Judged(Door door, URI admin, @Nullable ManagedChannel channel) {
    this.door = door;
    this.admin = new IngressClient(admin);
    this.channel = channel;
  }

  /**
   * Through the HTTP ingress.
   *
   * @param grpc host and port; without it, statuses are asked for with SQL
   */
  public static Judged overHttp(URI ingress, URI admin, @Nullable String grpc) {
    return new Judged(new HttpDoor(ingress), admin, grpc == null ? null : dial(grpc));
  }

  /** Through the gRPC ingress. */
  public static Judged overGrpc(String grpc, URI admin) {
    ManagedChannel channel = dial(grpc);
    return new Judged(new GrpcDoor(channel), admin, channel);
  }

  private static ManagedChannel dial(String grpc) {
    return ManagedChannelBuilder.forTarget(grpc).usePlaintext().build();
  }

  public Door door() {
    return door;
  }

  /** Asks the admin API. */
  public Answer admin(String method, String path, @Nullable Object body) throws IOException {
    return admin.to(path).ask(method, body == null ? null : MAPPER.writeValueAsString(body));
  }

  /** Registers an endpoint; its services' latest revision is then there. Returns its id. */
  public String register(URI endpoint) throws IOException {
    Answer answer = admin("POST", "deployments", Map.of("uri", endpoint.toString(), "force", true));
    if (answer.status() / 100 != 2) {
      throw new AssertionError("Expected " + endpoint + " to be registered, but got " + answer);
    }
    return answer.json().required("id").asString();
  }

  /** Waits until this node knows a deployment that another one registered. */
  public void awaitDeployment(String id) {
    Eventually.eventually(
        SOON,
        () -> {
          Answer answer = admin("GET", "deployments/" + id, null);
          if (answer.status() != 200) {
            throw new AssertionError("Expected " + id + " to be known, but got " + answer);
          }
        });
  }

  /** An invocation's status; "unknown" when the server does not know it. */
  public String status(String id) throws IOException {
    String found = channel == null ? statusBySql(id) : statusByGrpc(channel, id);
    // SQL and gRPC spell two of them differently.
    return found.equals("pending") ? "inbox" : found;
  }

  private String statusBySql(String id) throws IOException {
    String query = "SELECT status FROM sys_invocation WHERE id = '" + id + "'";
    Answer answer =
        admin
            .to("query")
            .header("accept", "application/json")
            .post(MAPPER.writeValueAsString(Map.of("query", query)));
    if (answer.status() != 200) {
      throw new AssertionError("Expected the statuses to be listed, but got " + answer);
    }
    JsonNode rows = answer.json().required("rows");
    return rows.isEmpty() ? "unknown" : rows.required(0).required("status").asString();
  }

  private static String statusByGrpc(ManagedChannel channel, String id) {
    Iterator<InvocationInfo> all =
        AdminGrpc.newBlockingStub(channel)
            .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .listInvocations(
                ListInvocationsRequest.newBuilder()
                    .setIncludeCompleted(true)
                    .setLimit(100_000)
                    .build());
    String found = "unknown";
    // To its end, for a stream that is left is cancelled only when somebody says so.
    while (all.hasNext()) {
      InvocationInfo info = all.next();
      if (info.getId().equals(id)) {
        found = info.getStatus();
      }
    }
    return found;
  }

  @Override
  public void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
  }
}
