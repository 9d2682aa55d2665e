package dev.reprise.sdk.client;

import com.google.protobuf.ByteString;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Target;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a client asks a server for.
 *
 * @param ingress without a slash at its end
 * @param headers of every request
 */
record Requests(String ingress, Map<String, String> headers) {
  private static final JsonMapper JSON = JsonMapper.shared();

  HttpRequest call(Target target, Connection.@Nullable Body input) {
    return invocation(target, "call", "", input);
  }

  HttpRequest send(Target target, Connection.@Nullable Body input, Duration delay) {
    String query = delay.isPositive() ? "?delay=" + delay.toMillis() + "ms" : "";
    return invocation(target, "send", query, input);
  }

  private HttpRequest invocation(
      Target target, String verb, String query, Connection.@Nullable Body input) {
    var path = new StringBuilder("/restate/");
    if (target.scope() != null) {
      path.append("scope/").append(encode(target.scope())).append('/');
    }
    path.append(verb).append('/').append(target.service()).append('/');
    if (!target.key().isEmpty()) {
      path.append(encode(target.key())).append('/');
    }
    path.append(target.handler()).append(query);
    HttpRequest.Builder request = request(path.toString());
    target.headers().forEach(request::setHeader);
    if (target.idempotencyKey() != null) {
      request.setHeader("idempotency-key", target.idempotencyKey());
    }
    if (target.limitKey() != null) {
      request.setHeader("x-restate-limit-key", target.limitKey());
    }
    return post(request, input);
  }

  /** Verb is attach, output or lookup. */
  HttpRequest about(String verb, InvocationRef invocation) {
    var json = ByteString.copyFrom(JSON.writeValueAsBytes(target(invocation)));
    return post(request("/restate/" + verb), new Connection.Body(json, "application/json"));
  }

  private static Map<String, String> target(InvocationRef invocation) {
    var json = new LinkedHashMap<String, String>();
    switch (invocation) {
      case InvocationRef.Id it -> {
        json.put("target", "invocation");
        json.put("invocationId", it.invocationId());
      }
      case InvocationRef.OfWorkflow it -> {
        json.put("target", "workflow");
        json.put("workflowName", it.workflow());
        json.put("workflowKey", it.key());
        putIfPresent(json, "scope", it.scope());
      }
      case InvocationRef.Called it -> {
        Target called = it.target();
        json.put("target", "idempotentInvocation");
        json.put("service", called.service());
        json.put("handler", called.handler());
        putIfPresent(json, "key", called.key().isEmpty() ? null : called.key());
        putIfPresent(json, "idempotencyKey", called.idempotencyKey());
        putIfPresent(json, "scope", called.scope());
      }
    }
    return json;
  }

  private static void putIfPresent(Map<String, String> json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /** Verb is resolve or reject. */
  HttpRequest awakeable(String verb, String id, Connection.@Nullable Body body) {
    return post(request("/restate/awakeables/" + encode(id) + "/" + verb), body);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ingress + path));
    headers.forEach(request::setHeader);
    return request;
  }

  private static HttpRequest post(HttpRequest.Builder request, Connection.@Nullable Body body) {
    if (body == null) {
      return request.POST(BodyPublishers.noBody()).build();
    }
    return request
        .setHeader("content-type", body.contentType())
        .POST(BodyPublishers.ofByteArray(body.bytes().toByteArray()))
        .build();
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
