package dev.reprise.conformance;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a door said about an invocation: a value, or an error.
 *
 * @param code 200, or the error's code
 * @param value the answer; null as JSON when there is none
 * @param id of the invocation; empty when the door did not name one
 */
public record Outcome(
    int code, JsonNode value, String message, Map<String, String> metadata, String id) {
  public static final int NOT_READY = 470;
  public static final int NOT_FOUND = 404;
  public static final int CONFLICT = 409;

  /** The answer, which must be one. */
  public JsonNode expectValue() {
    if (code != 200) {
      throw new AssertionError("Expected an answer, but got " + this);
    }
    return value;
  }

  public String expectText() {
    return expectValue().asString();
  }

  /** The outcome itself, which must be that error. */
  public Outcome expectError(int wanted) {
    if (code != wanted) {
      throw new AssertionError("Expected error " + wanted + ", but got " + this);
    }
    return this;
  }
}
