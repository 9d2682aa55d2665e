package dev.reprise.conformance;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** A door that clients ask through. Every call waits no longer than the door's own deadline. */
public interface Door {
  /**
   * What a door said to a send.
   *
   * @param previously whether the invocation was there already
   * @param scheduled whether it is to start later
   */
  record Accepted(String id, boolean previously, boolean scheduled) {}

  Outcome call(Ask ask) throws IOException;

  Accepted send(Ask ask) throws IOException;

  Outcome attach(Of of) throws IOException;

  Outcome output(Of of) throws IOException;

  void resolveAwakeable(String id, JsonNode value) throws IOException;

  void rejectAwakeable(String id, String reason) throws IOException;

  /** Names an invocation. */
  sealed interface Of {
    record Id(String id) implements Of {}

    record Workflow(String name, String key) implements Of {}

    /** By the path and the idempotency key of its request. */
    record Idempotent(String path, String idempotencyKey) implements Of {}
  }
}
