package dev.reprise.storage.model;

import java.util.Map;
import java.util.TreeMap;

/** How an invocation or a completion ended. */
public sealed interface Outcome {
  record Success(Bytes value) implements Outcome {}

  /** A terminal failure: the code is an HTTP status where it can be one. */
  record Failure(int code, String message, Map<String, String> metadata) implements Outcome {
    public Failure(int code, String message) {
      this(code, message, Map.of());
    }

    public Failure {
      // Sorted, so that what is stored never depends on the order of a hash.
      metadata = java.util.Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
  }
}
