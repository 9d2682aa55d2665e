package dev.reprise.conformance;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** The HTTP ingress. Safe for use by many threads. */
final class HttpDoor implements Door {
  private static final int UNAVAILABLE = 503;
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final IngressClient client;

  HttpDoor(URI ingress) {
    this.client = new IngressClient(ingress);
  }

  @Override
  public Outcome call(Ask ask) throws IOException {
    return outcome(post(ask, ask.scope() == null ? ask.path() : scoped(ask, "call")));
  }

  @Override
  public Accepted send(Ask ask) throws IOException {
    String delay = ask.delay() == null ? "" : "?delay=" + ask.delay();
    String path = ask.scope() == null ? ask.path() + "/send" : scoped(ask, "send");
    JsonNode accepted = post(ask, path + delay).expectAccepted();
    return new Accepted(
        accepted.required("invocationId").asString(),
        "PreviouslyAccepted".equals(accepted.required("status").asString()),
        accepted.has("executionTime"));
  }

  private static String scoped(Ask ask, String verb) {
    return "restate/scope/" + ask.scope() + "/" + verb + "/" + ask.path();
  }

  private Answer post(Ask ask, String path) throws IOException {
    IngressClient.Request request = client.to(path);
    ask.headers().forEach(request::header);
    if (ask.limitKey() != null) {
      request.header("x-restate-limit-key", ask.limitKey());
    }
    if (ask.idempotencyKey() != null) {
      request.idempotencyKey(ask.idempotencyKey());
    }
    return request.post(MAPPER.writeValueAsString(ask.body()));
  }

  @Override
  public Outcome attach(Of of) throws IOException {
    return outcome(client.to(path(of) + "/attach").get());
  }

  @Override
  public Outcome output(Of of) throws IOException {
    return outcome(client.to(path(of) + "/output").get());
  }

  private static String path(Of of) {
    return switch (of) {
      case Of.Id id -> "restate/invocation/" + id.id();
      case Of.Workflow flow -> "restate/workflow/" + flow.name() + "/" + flow.key();
      case Of.Idempotent request ->
          "restate/invocation/" + request.path() + "/" + request.idempotencyKey();
    };
  }

  @Override
  public void resolveAwakeable(String id, JsonNode value) throws IOException {
    completed(client.to("restate/awakeables/" + id + "/resolve").post(value.toString()));
  }

  @Override
  public void rejectAwakeable(String id, String reason) throws IOException {
    completed(
        client
            .to("restate/awakeables/" + id + "/reject")
            .header("content-type", "text/plain")
            .post(reason));
  }

  private static void completed(Answer answer) throws IOException {
    if (answer.status() == UNAVAILABLE) {
      throw new UnknownOutcomeException(answer.toString());
    }
    answer.expectStatus(202);
  }

  private static Outcome outcome(Answer answer) {
    if (answer.status() == 200) {
      JsonNode value = answer.body().length == 0 ? NullNode.getInstance() : answer.json();
      return new Outcome(200, value, "", Map.of(), answer.invocationId());
    }
    JsonNode error = answer.json();
    Map<String, String> metadata = new HashMap<>();
    error.path("metadata").forEachEntry((name, value) -> metadata.put(name, value.asString()));
    return new Outcome(
        error.required("code").asInt(),
        NullNode.getInstance(),
        error.required("message").asString(),
        metadata,
        answer.invocationId());
  }
}
