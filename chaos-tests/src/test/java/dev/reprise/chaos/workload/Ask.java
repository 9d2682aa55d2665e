package dev.reprise.chaos.workload;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request that any node may be asked.
 *
 * @param body JSON; null for none, and then with POST unless it is a question
 * @param key for idempotency; null for none
 * @param question whether it is a GET
 * @param meaning of an answer, as an act's output; null when it must not be answered so
 */
public record Ask(
    String path,
    @Nullable String body,
    @Nullable String key,
    boolean question,
    Function<Answer, @Nullable String> meaning) {

  /** Calls a handler, or sends to it. */
  public static Ask post(String path, @Nullable String body) {
    return new Ask(path, body, null, false, Ask::success);
  }

  public static Ask get(String path) {
    return new Ask(path, null, null, true, Ask::success);
  }

  public Ask key(String idempotencyKey) {
    return new Ask(path, body, idempotencyKey, question, meaning);
  }

  /** An answer with this status, which means that. */
  public Ask or(int status, String output) {
    return new Ask(
        path, body, key, question, it -> it.status() == status ? output : meaning.apply(it));
  }

  /** What a success means. */
  public Ask meaning(Function<Answer, String> ofSuccess) {
    return new Ask(
        path, body, key, question, it -> it.status() / 100 == 2 ? ofSuccess.apply(it) : null);
  }

  private static @Nullable String success(Answer answer) {
    return answer.status() / 100 == 2 ? text(answer) : null;
  }

  /** A string as it is, the elements of a list separated by commas, anything else as JSON. */
  static String text(Answer answer) {
    if (answer.body().length == 0) {
      return "";
    }
    JsonNode json = answer.json();
    if (json.isArray()) {
      StringBuilder list = new StringBuilder();
      json.forEach(it -> list.append(list.isEmpty() ? "" : ",").append(it.asString()));
      return list.toString();
    }
    return json.asString();
  }

  /** Of an accepted send. */
  static String invocationId(Answer answer) {
    return answer.json().get("invocationId").asString();
  }

  Answer to(IngressClient door, java.time.Duration patience) throws IOException {
    IngressClient.Request request = door.to(path).within(patience);
    if (key != null) {
      request = request.idempotencyKey(key);
    }
    if (question) {
      return request.get();
    }
    return body == null ? request.post() : request.post(body);
  }
}
