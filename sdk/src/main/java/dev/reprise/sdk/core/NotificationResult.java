package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a notification says. */
public sealed interface NotificationResult {
  record Empty() implements NotificationResult {}

  record Success(ByteString value) implements NotificationResult {}

  /**
   * A terminal failure.
   *
   * @param metadata sorted, because a replay compares it; since version 6
   */
  record Failed(int code, String message, Map<String, String> metadata)
      implements NotificationResult {
    public Failed {
      metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    public Failed(int code, String message) {
      this(code, message, Map.of());
    }
  }

  record InvocationId(String id) implements NotificationResult {}

  record StateKeys(List<String> keys) implements NotificationResult {}
}
